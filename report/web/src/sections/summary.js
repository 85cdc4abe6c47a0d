/** The head of the page: what ran where, verdicts, the figures that matter. */

import { figure, intervalText, isNumber, scaleFor } from '../model/format.js';
import { metricRows } from '../model/metrics.js';
import { unranked } from '../model/ranking.js';
import { closedShare, isClosed, nodeText } from '../model/runs.js';
import { verdicts } from '../model/verdict.js';
import { h } from '../ui/dom.js';
import { section, note } from '../ui/section.js';
import { table } from '../ui/table.js';
import { number, text } from './tables.js';

const SIGNS = { good: ['✓', 'Good: '], bad: ['✗', 'Failed: '], note: ['i', 'Note: '] };

const verdict = (v) => h('li', { class: `verdict ${v.state}` }, h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[v.state][0]),
  h('span', null, h('span', { class: 'off-screen' }, SIGNS[v.state][1]), v.text));

const verdictList = (run) => h('ul', { class: 'verdicts', 'aria-label': `Verdicts of ${run.label}` }, verdicts(run).map(verdict));

const LEADS = {
  none: 'One MAC is two operations. Cycles, words and bytes are simulated; energy is simulated counts times the energy table.',
  all: 'One MAC is two operations. Nothing here was simulated: cycles, words and bytes are those of the closed form; energy is its counts times the energy table.',
  some: 'One MAC is two operations. Cycles, words and bytes are simulated, but for runs called closed form estimates; energy is counts times the energy table.',
};

function factsOf({ result: r, batch }) {
  if (!r.architecture || !r.workload || !r.dataflow) return 'this result does not say what ran where';
  const a = r.architecture;
  const array = a.array ? `${a.array.rows} × ${a.array.columns} PEs` : `${a.pes} PEs`;
  const whole = [`batch ${batch}`, array, `${figure(a.frequency_mhz)} MHz`, nodeText(r)].map((fact) => fact.replace(/ (?!priced)/g, '\u00a0'));  // no line ends within one
  return [r.workload.title ?? r.workload.name, `${a.title ?? a.name}`, r.dataflow.replaceAll('_', ' '), ...whole].join(' · ');
}

/** The prefix that reads best on a card; the table keeps one unit for all runs. */
function cardScale({ unit, values: [value] }) {
  if (unit !== 'µJ') return scaleFor(value, unit);
  const { unit: best, factor } = scaleFor(value * 1e6, 'pJ');
  return { unit: best, factor: factor / 1e6 };
}

/** A value that is only the least that it can be says so. */
const shownValue = (row, i, factor = 1) => `${row.least[i] ? 'at least ' : ''}${isNumber(row.values[i]) ? figure(row.values[i] / factor) : '–'}`;

function card(row) {
  const { unit, factor } = cardScale(row);
  const range = intervalText(row.intervals[0], factor);
  return h('div', { class: 'card' }, h('dt', null, row.name),
    h('dd', null, h('span', { class: 'value', title: isNumber(row.values[0]) ? `${row.values[0]} ${row.unit}` : 'the run has no operations' }, shownValue(row, 0, factor)), ' ', h('span', { class: 'unit' }, unit),
      range ? h('span', { class: 'range' }, `between ${range}`) : null, h('span', { class: 'origin' }, row.origin)));
}

function metricTable(runs, rows) {
  const cell = (row, i) => ({
    value: row.values[i], text: row.least[i] ? shownValue(row, i) : undefined, note: intervalText(row.intervals[i]) || undefined, mark: row.best.includes(i) ? '★ best' : undefined, tone: row.best.includes(i) ? 'best' : undefined,
  });
  return {
    id: 'metrics', caption: runs.length > 1 ? 'Runs side by side' : 'All figures of the run',
    columns: [text('figure'), text('unit'), ...runs.map((r) => number(r.label)), text('origin')],
    rows: rows.map((row) => [row.name, row.unit, ...runs.map((_, i) => cell(row, i)), row.origin]),
  };
}

/** Title and facts of every run. */
export function header(doc, runs) {
  const labels = runs.map((r) => r.label);
  const title = labels.length ? labels.join(' · ') : (doc.scenarios ?? []).map((s) => s.label).join(' · ');
  return h('header', { class: 'head' }, h('p', { class: 'brand' }, `Eyrie ${doc.eyrie_version ?? ''} · report`), h('h1', null, title),
    runs.map((r) => h('p', { class: 'facts' }, runs.length > 1 ? h('b', null, `${r.label}: `) : null, isClosed(r) ? h('b', { class: 'estimate' }, 'closed form estimate') : null, isClosed(r) ? ' · ' : null, factsOf(r))));
}

/** Section: verdicts, then cards of one run and the table of all. */
export function summary({ runs }) {
  const rows = metricRows(runs);
  const single = runs.length === 1;
  const parts = single ? [verdictList(runs[0]), h('dl', { class: 'cards' }, rows.filter((r) => r.card).map(card))]
    : [h('div', { class: 'run-verdicts' }, runs.map((r) => h('div', null, h('h3', null, r.label), verdictList(r))))];
  const full = table(metricTable(runs, rows));
  return section('summary', 'Summary', LEADS[closedShare(runs)], parts,
    single ? h('details', { class: 'twin' }, h('summary', null, 'All figures with units and origins'), full) : full,
    single ? null : unranked(runs).map((sentence) => note(sentence)));
}
