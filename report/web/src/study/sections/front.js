/** Section: designs as a table. */

import { radios, toolbar } from '../../ui/controls.js';
import { h } from '../../ui/dom.js';
import { remark, section } from '../../ui/section.js';
import { table } from '../../ui/table.js';
import { number, text } from '../../sections/tables.js';
import { figureOf, withUnitOf } from '../model/document.js';
import { statusText } from '../model/words.js';

function cellOf(p, design) {
  const shown = design.values[p.index];
  return p.numeric ? { value: design.numbers[p.index] ?? null, text: shown || '–' } : shown;
}

const yes = (v) => (v ? 'yes' : '');

function rowOf({ study, choice }, varied, design, unlike) {
  const figures = study.measures.map((m) => figureOf(design, m.index, choice.network, choice.fidelity));
  const origins = [...new Set(figures.filter(Boolean).map((f) => (f.simulated ? 'simulated' : 'closed form')))];
  return [{ value: design.number, href: design.report, label: `Report of design ${design.number}` }, ...varied.map((p) => cellOf(p, design)), ...figures.map((f) => f?.value ?? null), origins.join(', ') || '–', yes(design.front), yes(design.sampled), ...(unlike ? [statusText(design.status)] : [])];
}

/** The table of some designs; the number of each is the link to its report. */
export function designTable(view, designs, caption) {
  const { study } = view;
  const varied = study.parameters.filter((p) => !p.constant);
  const unlike = designs.some((d) => !d.done);  // only filters show designs that are not done
  return {
    id: 'design-table', caption, rows: designs.map((d) => rowOf(view, varied, d, unlike)),
    columns: [number('design', null, String), ...varied.map((p) => (p.numeric ? number(p.label, p.unit) : text(p.label))), ...study.measures.map((m) => number(m.label, m.unit)), text('figures'), text('front'), text('sample'), ...(unlike ? [text('status')] : [])],
  };
}

/** The front in its own order, by rising first objective. */
const frontOf = ({ doc, byDesign, designs }) => (doc.front?.length ? doc.front.map((n) => byDesign.get(n)).filter(Boolean) : designs.filter((d) => d.front));

/** Section. */
export function front(view) {
  const { study } = view;
  const body = h('div', null);
  let which = 'front';
  const CHOICES = {
    front: () => [frontOf(study), 'Designs on the Pareto front'], shown: () => [view.shown().filter(view.isBrushed), 'Designs that pass the filters'], all: () => [study.designs.filter((d) => d.done), 'All designs that are done'],
  };
  const update = () => {
    const [designs, caption] = CHOICES[which]();
    body.replaceChildren(designs.length ? table(designTable(view, designs, caption)) : remark(which === 'front' ? 'No design is on the front.' : 'No design passes the filters.'));
  };
  view.on('figures', update);
  view.on(['filter', 'brush'], () => { if (which === 'shown') update(); });
  const bar = toolbar(radios('Designs', [['front', 'on the front'], ['shown', 'as filtered'], ['all', 'all done']], which, (v) => { which = v; update(); }), view.networkControl(), view.fidelityControl());
  return { element: section('front', 'Table of designs', `The number of a design is the link to its report. The front is of ${study.objectives.map((i) => withUnitOf(study.measures[i])).join(', ')}, over all networks.`, bar, body), start: update };
}
