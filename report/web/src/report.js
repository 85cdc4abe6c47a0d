/** The report of runs and scenarios: its sections in their order, and the links to them. */

import './charts/kinds.js';
import { pageOf } from './page.js';
import { startCharts, sweep } from './ui/chart.js';
import { h } from './ui/dom.js';
import { guardOf } from './ui/guard.js';
import { themeControl } from './ui/theme.js';
import { header, summary } from './sections/summary.js';
import { compare } from './sections/compare.js';
import { answer } from './sections/answer.js';
import { targets } from './sections/targets.js';
import { layers } from './sections/layers.js';
import { roofline } from './sections/roofline.js';
import { energy } from './sections/energy.js';
import { cycles } from './sections/cycles.js';
import { array } from './sections/array.js';
import { traffic } from './sections/traffic.js';
import { beside } from './sections/beside.js';
import { mapping } from './sections/mapping.js';
import { sources } from './sections/sources.js';
import { again, area, limits } from './sections/limits.js';
import { scenarios } from './sections/scenarios.js';

/** Sections of runs, in the order of the page: id, title, what makes it. */
const OF_RUNS = [
  ['summary', 'Summary', (page) => ({ element: summary(page) })], ['compare', 'Runs side by side', compare], ['answer', 'Answer', answer], ['targets', 'Targets and battery', targets],
  ['baselines', 'Beside other processors', beside], ['layers', 'Layers', layers], ['cycles', 'Where every PE-cycle went', cycles], ['energy', 'Energy by layer', energy],
  ['roofline', 'Roofline', roofline], ['array', 'Utilization of the array', array], ['traffic', 'Traffic', traffic], ['mapping', 'Mappings', mapping], ['sources', 'Sources', sources],
  ['area', 'Area', area], ['limits', 'What is not modelled', limits], ['again', 'The same again', again],
];

/** A section under guard: what it does when the shown run or layer changes is guarded too. */
function guarded([id, title, make], page) {
  const guard = guardOf(id, title);
  const view = { ...page, onRun: (listener) => page.onRun(() => guard.attempt(listener)), layerControl: (change, all) => page.layerControl(() => guard.attempt(change), all) };
  return guard.make(() => make(view));
}

function contents(sections, stem) {
  const link = ({ element }) => h('li', null, h('a', { href: `${stem}${element.id}` }, element.querySelector('h2').textContent));
  return h('nav', { 'aria-label': 'Sections' }, h('ul', null, sections.map(link)));
}

/**
 * Puts the report of a document into the page, in place of what was there.
 * @param {object} doc of schema eyrie.report/1
 * @param {{stem?: string, above?: ?HTMLElement}} [where] `stem`: what addresses of sections begin with; `above`: what
 *   stands over the title
 */
export function showReport(doc, { stem = '#', above = null } = {}) {
  const page = pageOf(doc);
  const sections = [...(page.runs.length ? OF_RUNS : []), ...scenarios(doc)].map((one) => guarded(one, page)).filter(Boolean);
  const side = h('aside', { class: 'side' }, h('div', { class: 'stay' }, contents(sections, stem), themeControl()));
  const main = h('main', { id: 'report' }, above, header(doc, page.runs), sections.map((s) => s.element));
  document.body.replaceChildren(h('a', { class: 'skip', href: `${stem}report` }, 'To the report'), h('div', { class: 'frame' }, side, main));
  sweep();
  startCharts();
  for (const s of sections) s.start?.();
}

/** Says in place of a report why there is none. */
export function showFailure(reason, above = null) {
  document.body.replaceChildren(h('main', { class: 'failed', role: 'alert' }, above, h('h1', null, 'No report'), h('p', null, reason)));
  sweep();
}
