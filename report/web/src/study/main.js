/** Reads the study that stands in the page and builds the page from it. */

import './charts/kinds.js';
import { startCharts } from '../ui/chart.js';
import { h } from '../ui/dom.js';
import { guardOf } from '../ui/guard.js';
import { themeControl } from '../ui/theme.js';
import { parseStudy, readStudy } from './model/document.js';
import { scheduler } from './later.js';
import { viewOf } from './view.js';
import { header, summary } from './sections/summary.js';
import { designs } from './sections/designs.js';
import { parallel } from './sections/parallel.js';
import { effects } from './sections/effects.js';
import { front } from './sections/front.js';
import { errors } from './sections/errors.js';
import { failed } from './sections/failed.js';

/** Sections in the order of the page: id, title, what makes it. */
const SECTIONS = [
  ['summary', 'Summary', summary], ['designs', 'Designs', designs], ['parallel', 'Choices and objectives', parallel], ['effects', 'What each parameter does', effects],
  ['front', 'Table of designs', front], ['errors', 'Error of the closed form', errors], ['failed', 'Designs without a result', failed],
];

/** What concerns the selected design happens at once, wherever it is. */
const isSmall = (what) => what === 'selected';

/** A section under guard: what it does when choices change is guarded too, and waits where nobody sees it. */
function guarded([id, title, make], view, { soon }) {
  const guard = guardOf(id, title);
  let section = null;
  const on = (what, listener) => {
    const attempt = () => guard.attempt(listener);
    view.on(what, isSmall(what) ? attempt : () => soon(section.element, attempt));
  };
  section = guard.make(() => make({ ...view, on }));
  return section;
}

function contents(sections) {
  const link = ({ element }) => h('li', null, h('a', { href: `#${element.id}` }, element.querySelector('h2').textContent));
  return h('nav', { 'aria-label': 'Sections' }, h('ul', null, sections.map(link)));
}

function build(doc) {
  const view = viewOf(readStudy(doc));
  const later = scheduler((busy) => document.querySelector('main')?.setAttribute('aria-busy', String(busy)));
  const sections = SECTIONS.map((one) => guarded(one, view, later)).filter(Boolean);
  const side = h('aside', { class: 'side' }, h('div', { class: 'stay' }, contents(sections), themeControl()));
  const main = h('main', { id: 'study' }, header(view.study), sections.map((s) => s.element));
  document.body.replaceChildren(h('a', { class: 'skip', href: '#study' }, 'To the study'), h('div', { class: 'frame' }, side, main));
  startCharts();
  for (const { element, start } of sections) {
    later.watch(element);
    if (start) later.soon(element, start);
  }
  selectAddressed(view);
  window.addEventListener('hashchange', () => selectAddressed(view));
}

/** An address may name a design: study.html#design-12. */
function selectAddressed(view) {
  const design = view.study.byDesign.get(Number(/^#design-([1-9][0-9]{0,8})$/.exec(location.hash)?.[1]));
  if (!design) return;
  view.select(design);
  document.getElementById('designs').scrollIntoView();
  document.querySelector('#designs .chart-scroll').focus({ preventScroll: true });
}

const { doc, error } = parseStudy(document.getElementById('data')?.textContent ?? '');
if (error) document.body.replaceChildren(h('main', { class: 'failed', role: 'alert' }, h('h1', null, 'No study'), h('p', null, error)));
else build(doc);
