/** Reads the data that stand in the page and builds the page from them. */

import { parseDocument } from './model/runs.js';
import { pageOf } from './page.js';
import { startCharts } from './ui/chart.js';
import { h } from './ui/dom.js';
import { themeControl } from './ui/theme.js';
import { header, summary } from './sections/summary.js';
import { compare } from './sections/compare.js';
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

/** Sections of runs, in the order of the page. */
const OF_RUNS = [(page) => ({ element: summary(page) }), compare, targets, beside, layers, cycles, energy, roofline, array, traffic, mapping, sources, area, limits, again];

function contents(sections) {
  const link = ({ element }) => h('li', null, h('a', { href: `#${element.id}` }, element.querySelector('h2').textContent));
  return h('nav', { 'aria-label': 'Sections' }, h('ul', null, sections.map(link)));
}

function build(doc) {
  const page = pageOf(doc);
  const sections = [...(page.runs.length ? OF_RUNS.map((make) => make(page)) : []), ...scenarios(page)].filter(Boolean);
  const side = h('aside', { class: 'side' }, h('div', { class: 'stay' }, contents(sections), themeControl()));
  const main = h('main', { id: 'report' }, header(doc, page.runs), sections.map((s) => s.element));
  document.body.replaceChildren(h('a', { class: 'skip', href: '#report' }, 'To the report'), h('div', { class: 'frame' }, side, main));
  startCharts();
  for (const s of sections) s.start?.();
}

const { doc, error } = parseDocument(document.getElementById('data')?.textContent ?? '');
if (error) document.body.replaceChildren(h('main', { class: 'failed', role: 'alert' }, h('h1', null, 'No report'), h('p', null, error)));
else build(doc);
