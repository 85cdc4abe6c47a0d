/** Section: what was swept, for what, and what came of it. */

import { h } from '../../ui/dom.js';
import { note, section } from '../../ui/section.js';
import { table } from '../../ui/table.js';
import { number, text } from '../../sections/tables.js';
import { valueText, withUnitOf } from '../model/document.js';
import { statusCounts, statusText } from '../model/words.js';

const MOST_VALUES = 12;
const count = (n) => n.toLocaleString('en-US');

/** Title and facts of the study. */
export function header({ doc, title, networks, designs, parameters }) {
  const swept = parameters.filter((p) => !p.constant && !p.derived).length;
  const facts = [doc.name, doc.architecture, `${count(designs.length)} designs`, `${swept} parameter${swept === 1 ? '' : 's'} swept`, networks.slice(1).join(', '), `strategy ${doc.strategy}`, `seed ${doc.seed}`];
  return h('header', { class: 'head' }, h('p', { class: 'brand' }, `Eyrie ${doc.eyrie_version ?? ''} · study`), h('h1', null, title), h('p', { class: 'facts' }, facts.filter(Boolean).join(' · ')));
}

const card = (name, value, below) => h('div', { class: 'card' }, h('dt', null, name), h('dd', null, h('span', { class: 'value' }, count(value)), below ? h('span', { class: 'origin' }, below) : null));

function cards({ designs, objectives, measures }) {
  const of = (test) => designs.filter(test).length;
  const failures = statusCounts(designs).filter(([status]) => status !== 'done');
  const without = of((d) => !d.done);
  return h('dl', { class: 'cards' },
    card('Designs', designs.length), card('Done', of((d) => d.done)),
    card('On the Pareto front', of((d) => d.front), `of ${objectives.map((i) => measures[i].label).join(', ')}`),
    card('Simulated', of((d) => d.simulated), designs.some((d) => d.sampled) ? `${count(of((d) => d.sampled))} of them drawn at random` : null),
    card('Without a result', without, failures.map(([status, n]) => `${statusText(status)}: ${count(n)}`).join('; ')));
}

/** Values of a parameter: all of them, or the ends of many. */
function valuesText(p) {
  const texts = p.values.map((v) => valueText(p, v.text));
  return texts.length <= MOST_VALUES ? texts.join(', ') : `${texts[0]} … ${texts.at(-1)}`;
}

function parameterTable({ parameters, doc }) {
  return table({
    id: 'parameters', caption: 'Parameters', columns: [text('parameter'), text('key'), number('values'), text('they are'), text('how')],
    rows: parameters.map((p) => [p.label, p.name, p.values.length, valuesText(p), p.derived ? 'follows from others' : p.constant ? 'the same in all designs' : doc.strategy]),
  });
}

function objectiveTable({ measures, objectives }) {
  return table({
    id: 'measures', caption: 'Measures', columns: [text('measure'), text('unit'), text('better is'), text('objective')],
    rows: measures.map((m) => [m.label, m.unit || '1', m.goal, objectives.includes(m.index) ? { value: 'yes', tone: 'best' } : '']),
  });
}

/** Section. */
export function summary({ study }) {
  const { constraints = [] } = study.doc;
  const lead = `A design is on the Pareto front where no other is at least as good in every objective (${study.objectives.map((i) => withUnitOf(study.measures[i])).join(', ')}) and better in one. Figures of all networks are geometric means.`;
  return {
    element: section('summary', 'Summary', lead, cards(study), parameterTable(study),
      constraints.length ? [note(h('b', null, 'Constraints: '), 'designs that break one are excluded.'), h('ul', { class: 'sentences' }, constraints.map((c) => h('li', null, h('code', null, c))))] : null,
      h('details', { class: 'twin' }, h('summary', null, 'All measures with their units'), objectiveTable(study))),
  };
}
