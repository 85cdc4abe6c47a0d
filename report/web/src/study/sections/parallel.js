/** Section: parameters and objectives as parallel axes, linked with the plot. */

import { list, toolbar } from '../../ui/controls.js';
import { Chart } from '../../ui/chart.js';
import { h } from '../../ui/dom.js';
import { section } from '../../ui/section.js';
import { number, text } from '../../sections/tables.js';
import { lineOver, parallelOption, parallelWidth } from '../charts/parallel.js';
import { valueOf, valueText, withUnitOf } from '../model/document.js';
import { colourChoices, lookOf } from '../model/scatter.js';
import { kindOf } from '../model/words.js';

const MOST_TICKS = 14;

/** Axes: parameters that change, then objectives. Few values stand in order, equally far apart. */
function axesOf({ study, choice }) {
  const parameters = study.parameters.filter((p) => !p.constant).map((p) => (
    !p.numeric || p.values.length <= MOST_TICKS ? { name: p.label, categories: p.values.map((v) => valueText(p, v.text)), of: (d) => valueText(p, d.values[p.index]) } : { name: withUnitOf(p), of: (d) => d.numbers[p.index] }));
  return [...parameters, ...study.objectives.map((i) => ({ name: withUnitOf(study.measures[i]), of: (d) => valueOf(d, i, choice.network, choice.fidelity) }))];
}

const twinOf = (study, axes, drawn) => () => ({
  caption: 'Choices and objectives', columns: [number('design', null, String), ...axes.map((a) => (a.categories ? text(a.name) : number(a.name))), text('it is')],
  rows: drawn.map((d) => [{ value: d.number, href: d.report, label: `Report of design ${d.number}` }, ...axes.map((a) => a.of(d)), kindOf(d)]),
});

/** Section, only where something changes from design to design. */
export function parallel(view) {
  const { study } = view;
  if (!study.parameters.some((p) => !p.constant)) return null;
  const chart = new Chart();
  const state = h('p', { class: 'remark screen', role: 'status' });
  const clear = h('button', { type: 'button', class: 'plain screen', hidden: true, onclick: () => { view.brush(null); update(); chart.box.focus(); } }, 'Clear the marks');
  let colour = `m${study.objectives[0]}`;
  let drawn = [];
  let axes = [];
  const rowOf = (d) => (d && drawn.includes(d) ? axes.map((a) => a.of(d)) : null);
  const tell = () => {
    const marked = view.brushed();
    clear.hidden = marked === null;
    state.textContent = marked === null ? 'Drag along an axis to mark a part of it; a click beside the mark removes it. The plot above then shows the marked designs strongly. The filters above do the same by keyboard.' : `${marked.size} of ${drawn.length} designs are marked.`;
  };
  const marked = () => {
    const [series] = chart.drawn.getModel().getSeriesByType('parallel');
    const active = series.getRawIndicesByActiveState('active');
    const any = active.length > 0 || series.getRawIndicesByActiveState('inactive').length > 0;
    view.brush(any ? new Set(active.map((i) => drawn[i].number)) : null);
  };
  const update = () => {
    axes = axesOf(view);
    drawn = view.shown().filter((d) => axes.every((a) => a.of(d) !== null)).sort((a, b) => a.front - b.front || a.number - b.number);
    const look = lookOf(study, colour, drawn, view.choice);
    chart.update({
      label: `${drawn.length} designs as lines over ${axes.length} axes: ${axes.map((a) => a.name).join(', ')}.`, height: 440, least: parallelWidth(axes.length), table: twinOf(study, axes, drawn), events: { axisareaselected: marked }, over: lineOver(() => rowOf(view.selected())),
      option: parallelOption({
        dimensions: axes.map((a) => ({ name: a.name, categories: a.categories, values: a.categories ? undefined : drawn.map(a.of) })),
        rows: drawn.map((d) => ({ value: axes.map((a) => a.of(d)), colour: (dark) => look.colour(d, dark), front: d.front })),
      }),
    });
    tell();
  };
  view.on(['filter', 'figures'], update);
  view.on('brush', tell);
  view.on('selected', () => chart.drawOver());
  chart.box.addEventListener('keydown', (e) => { if (e.key === 'Escape' && view.brushed()) clear.click(); });
  const bar = toolbar(list('Colour', colourChoices(study).slice(1), colour, (v) => { colour = v; update(); }), view.networkControl(), view.fidelityControl());
  return { element: section('parallel', 'Choices and objectives', 'A line is a design: its choices at the left, its objectives at the right. Strong lines are on the Pareto front, the thickest is the selected design.', bar, chart.element, state, clear), start: update };
}
