/** Sections at the end: area, what is not modelled, how to get the same again. */

import { areaText, isComplete } from '../model/area.js';
import { intervalText } from '../model/format.js';
import { notModelled } from '../model/limits.js';
import { isClosed } from '../model/runs.js';
import { copyText, h } from '../ui/dom.js';
import { note, remark, section } from '../ui/section.js';
import { table } from '../ui/table.js';
import { number, text } from './tables.js';

/** Columns of the area table: heading, and what a component has there. */
const AREA_COLUMNS = [
  [text('component'), (c) => c.component],
  [text('part'), (c) => c.part ?? ''],
  [number('area', 'mm²'), (c) => ({ value: c.area_mm2, note: c.area_mm2 === 0 ? undefined : intervalText(c.interval_mm2) || undefined })],
  [number('instances'), (c) => c.instances],
  [text('origin'), (c) => c.origin],
  [text('confidence'), (c) => c.confidence],
  [text('source'), (c) => c.source],
  [text('note'), (c) => c.note ?? ''],
];

function areaTable({ label, result: { area: { components } } }) {
  const columns = AREA_COLUMNS.filter(([column, of]) => column.title !== 'part' || components.some(of));
  return table({ caption: `Area of ${label}`, columns: columns.map(([column]) => column), rows: components.map((c) => columns.map(([, of]) => of(c))) });
}

function areaOf(run) {
  const { area } = run.result;
  return [
    note(h('b', null, `${run.label}: ${areaText(area)}`), area.of ? ` for ${area.of}.` : ' for the parts below.'),
    area.unknown?.length ? remark(`Without a figure, so in no sum${isComplete(area) || area.total_mm2 === null ? '' : ', and the area is larger'}: ${area.unknown.join(', ')}.`) : null,
    area.components.length ? areaTable(run) : null,
  ].filter(Boolean);
}

/** Section: area, only where a result has it. */
export function area({ runs }) {
  const known = runs.filter((r) => r.result.area?.components);
  return known.length ? { element: section('area', 'Area', null, known.map(areaOf)) } : null;
}

function apartTable(runs) {
  const rows = runs.flatMap((r) => r.apart.map((l) => [l.name, r.label, l.op, l.place, l.cost, l.reason]));
  return rows.length ? table({ caption: 'Layers that the machine did not run', columns: ['layer', 'run', 'operation', 'place', 'cost', 'reason'].map(text), rows }) : null;
}

const sentenceList = (sentences) => (sentences.length ? h('ul', { class: 'sentences' }, sentences.map((s) => h('li', null, s))) : null);

/** Section: what no figure of the page contains. */
export function limits({ runs }) {
  const { shared, own } = notModelled(runs);
  const apart = apartTable(runs);
  if (!shared.length && !own.length && !apart) return null;
  const lists = [shared.length && own.length ? h('h3', null, 'In all runs') : null, sentenceList(shared), ...own.flatMap((o) => [h('h3', null, o.label), sentenceList(o.sentences)])];
  return { element: section('limits', 'What is not modelled', 'No figure of this page contains what stands here.', lists, apart) };
}

function commandOf(run) {
  const button = h('button', { type: 'button', class: 'copy' }, 'Copy');
  button.setAttribute('aria-label', `Copy the command of ${run.label}`);
  button.addEventListener('click', () => copyText(run.result.command).then(() => { button.textContent = 'Copied'; }, () => { button.textContent = 'Not allowed'; }));
  return h('div', { class: 'command' }, h('pre', { tabindex: '0' }, run.result.command), button);
}

function hostTable(runs) {
  const rows = [['wall time', 's', (x) => x.wall_s], ['CPU time', 's', (x) => x.cpu_s], ['memory at most', 'MB', (x) => x.peak_rss_mb], ['processes', '', (x) => x.jobs],
    ['simulated cycles', '1/s', (x) => x.simulated_cycles_per_s], ['PE-cycles', '1/s', (x) => x.pe_cycles_per_s], ['MACs', '1/s', (x) => x.macs_per_s]];
  return table({ caption: 'The computer that simulated', columns: [text('figure'), text('unit'), ...runs.map((r) => number(r.label))], rows: rows.map(([name, unit, of]) => [name, unit, ...runs.map((r) => of(r.result.host ?? {}) ?? null)]) });
}

/** Section: commands, and what the simulating computer took, where one did. */
export function again({ runs }) {
  const hosted = runs.filter((r) => r.result.host);
  const differ = hosted.length ? '; only the figures of the computer differ' : '';
  return {
    element: section('again', 'The same again', `Each command gives the same result, to the bit${differ}.`,
      runs.map((r) => [runs.length > 1 ? h('h3', null, r.label) : null, r.result.command ? commandOf(r) : null, note(isClosed(r) ? h('b', null, 'Not simulated: closed form. ') : null, `Seed ${r.result.seed}, fidelity ${r.result.fidelity}, Eyrie ${r.result.eyrie_version}.`)]), hosted.length ? hostTable(hosted) : null),
  };
}
