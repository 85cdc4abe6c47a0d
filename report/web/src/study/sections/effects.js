/** Section: each objective by each parameter's value. */

import { figure } from '../../model/format.js';
import { list, toolbar } from '../../ui/controls.js';
import { Chart } from '../../ui/chart.js';
import { h } from '../../ui/dom.js';
import { remark, section } from '../../ui/section.js';
import { number, text } from '../../sections/tables.js';
import { boxesHeight, boxesOption } from '../charts/boxes.js';
import { withUnitOf } from '../model/document.js';
import { effectsOf } from '../model/effects.js';
import { spanOf, wantsLog } from '../model/scale.js';

const twinOf = (study, effects) => () => ({
  caption: 'Medians and quartiles by parameter',
  columns: [text('parameter'), text('value'), number('designs'), ...study.objectives.flatMap((i) => [number(`${study.measures[i].label}, median`, study.measures[i].unit), number('quartile 1', study.measures[i].unit), number('quartile 3', study.measures[i].unit)])],
  rows: effects.flatMap((e) => e.groups.map((g) => [e.parameter.label, g.text, g.n, ...g.fives.flatMap((f) => (f ? [f.median, f.q1, f.q3] : [null, null, null]))])),
});

/** Which parameter moves the median most. */
function strongest(effects, at, measure) {
  const known = effects.filter((e) => e.factors[at] !== null).sort((a, b) => b.factors[at] - a.factors[at]);
  return known.length ? remark(`From its best to its worst value the median of ${measure.label} changes: ${known.map((e) => `${e.parameter.label} ×${figure(e.factors[at], 3)}`).join(', ')}.`) : null;
}

/** Section, only where something changes from design to design. */
export function effects(view) {
  const { study, choice } = view;
  if (!study.parameters.some((p) => !p.constant)) return null;
  const chart = new Chart();
  const below = h('div', null);
  let at = 0;
  const update = () => {
    const all = effectsOf(study, view.shown(), choice);
    const measure = study.measures[study.objectives[at]];
    const panels = all.map((e) => ({ name: e.parameter.label, groups: e.groups.map((g) => ({ text: g.text, five: g.fives[at] })) }));
    const span = spanOf(panels.flatMap((p) => p.groups.flatMap((g) => (g.five ? [g.five.low, g.five.high] : []))));
    chart.update({
      label: `${withUnitOf(measure)} by the values of ${panels.length} parameters.`, height: (width) => boxesHeight(panels.length, width), option: boxesOption({ measure, log: wantsLog(span), panels }), table: twinOf(study, all),
    });
    below.replaceChildren(...[strongest(all, at, measure), view.shown().length ? null : remark('No design passes the filters.')].filter(Boolean));
  };
  view.on(['filter', 'figures'], update);
  const bar = toolbar(list('Objective', study.objectives.map((m, i) => [String(i), withUnitOf(study.measures[m])]), '0', (v) => { at = Number(v); update(); }), view.networkControl(), view.fidelityControl());
  return { element: section('effects', 'What each parameter does', 'Of all designs that pass the filters: a box is the middle half with its median, the whiskers reach to the least and the most. All panels have one scale. A parameter that moves little on its own may still matter together with another.', bar, chart.element, below), start: update };
}
