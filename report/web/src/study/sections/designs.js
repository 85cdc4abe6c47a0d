/** Section: two measures of all designs, filters, and the card of one. */

import { list, radios, toolbar } from '../../ui/controls.js';
import { Chart } from '../../ui/chart.js';
import { h } from '../../ui/dom.js';
import { remark, section } from '../../ui/section.js';
import { onTheme } from '../../ui/theme.js';
import { number, text } from '../../sections/tables.js';
import { ringOver, scatterOption } from '../charts/scatter.js';
import { valueText, withUnitOf } from '../model/document.js';
import { colourChoices, defaultColour, lineOf, lookOf, pointsOf } from '../model/scatter.js';
import { canLog, spanOf, wantsLog } from '../model/scale.js';
import { kindOf, sentenceOf } from '../model/words.js';
import { cardOf } from '../ui/card.js';
import { colourKey } from '../ui/key.js';
import { filterPanel } from '../ui/filters.js';
import { walker } from '../ui/walker.js';

const HEIGHT = 500;

const twinOf = (study, model) => () => ({
  caption: `${study.measures[model.y].label} over ${study.measures[model.x].label}`,
  columns: [number('design', null, String), number(study.measures[model.x].label, study.measures[model.x].unit), number(study.measures[model.y].label, study.measures[model.y].unit), text('figures'), text('it is')],
  rows: model.points.map((p) => [{ value: p.design.number, href: p.design.report, label: `Report of design ${p.design.number}` }, p.x, p.y, p.simulated ? 'simulated' : 'closed form', kindOf(p.design)]),
});

/** What the line says, and what is not in the plot. */
function remarksOf(study, model, shown) {
  const line = model.line.corners.length < 2 ? '' : model.line.whole ? 'The solid line goes along the Pareto front: beyond its stairs nothing was found.' : 'Along the dashed line lie the shown designs that no other beats in these two measures alone; the front may rest on other objectives or networks too.';
  const missing = shown.length - model.points.length;
  return [line ? remark(line) : null, missing ? remark(`${missing} of the designs that pass have no such figure and are not drawn.`) : null].filter(Boolean);
}

/** Section. */
export function designs(view) {
  const { study, choice } = view;
  const chart = new Chart();
  const at = { x: study.objectives[0], y: study.objectives[1] ?? (study.measures.length > 1 ? (study.objectives[0] === 0 ? 1 : 0) : 0), colour: defaultColour(study), logX: null, logY: null };
  const said = h('p', { class: 'said', 'aria-live': 'polite' });
  const card = h('div', { class: 'card-place' });
  const key = h('div', null);
  const below = h('div', null);
  const axes = h('div', { class: 'holder' });
  let model = null;

  const update = () => {
    const shown = view.shown();
    const points = pointsOf(shown, { ...at, ...choice });
    const spans = [spanOf(points.map((p) => p.x)), spanOf(points.map((p) => p.y))];
    model = {
      measures: study.measures, x: at.x, y: at.y, points, logX: canLog(spans[0]) && (at.logX ?? wantsLog(spans[0])), logY: canLog(spans[1]) && (at.logY ?? wantsLog(spans[1])),
      line: lineOf(study, points, { ...at, network: choice.network }), look: lookOf(study, at.colour, points.map((p) => p.design), choice), faint: (d) => !view.isBrushed(d),
      parametersOf: (d) => study.parameters.filter((p) => !p.constant).map((p) => [p.label, valueText(p, d.values[p.index])]),
    };
    chart.update({
      label: `${points.length} designs: ${withUnitOf(study.measures[at.y])} over ${withUnitOf(study.measures[at.x])}, ${points.filter((p) => p.design.front).length} of them on the front. Arrow keys go from design to design.`,
      height: HEIGHT, option: scatterOption(model), table: twinOf(study, model), events: { click: ({ data }) => { if (data?.point) view.select(data.point.design); } },
      over: ringOver(() => model.points.find((p) => p.design === view.selected())),
    });
    below.replaceChildren(...remarksOf(study, model, shown));
    drawKey();
    drawAxes();
  };
  const drawKey = () => model && key.replaceChildren(colourKey(model.look, { done: model.points.every((p) => p.design.done), closed: model.points.some((p) => !p.design.simulated), simulated: view.simulated }));
  const drawAxes = () => {
    const way = (name, letter) => radios(letter, [['linear', 'linear'], ['log', 'log']], model[name] ? 'log' : 'linear', (v) => { at[name] = v === 'log'; update(); axes.querySelectorAll('fieldset')[name === 'logX' ? 0 : 1].querySelector('input:checked').focus(); });
    axes.replaceChildren(way('logX', 'Horizontal steps'), way('logY', 'Vertical steps'));
  };
  const select = () => {
    const design = view.selected();
    chart.drawOver();
    said.textContent = design ? sentenceOf(study, design, [at.x, at.y], choice) : '';
    card.replaceChildren(cardOf(study, design));
  };

  walker(chart.box, { points: () => model?.points ?? [], selected: view.selected, select: view.select });
  view.on(['filter', 'figures', 'brush'], update);
  view.on('selected', select);
  onTheme(drawKey);
  const measures = study.measures.map((m) => [String(m.index), withUnitOf(m)]);
  const set = (name, log) => (v) => { at[name] = Number(v); at[log] = null; update(); };
  const bar = toolbar(list('Horizontal axis', measures, String(at.x), set('x', 'logX')), list('Vertical axis', measures, String(at.y), set('y', 'logY')), list('Colour', colourChoices(study), at.colour, (v) => { at.colour = v; update(); }), view.networkControl(), view.fidelityControl(), axes);
  card.replaceChildren(cardOf(study, null));
  return {
    element: section('designs', 'Designs', 'A point is a design. Point at one for its figures; click it, or go there with the arrow keys, for all that is known of it.', bar, filterPanel(view), key, chart.element, said, card, below),
    start: update,
  };
}
