/** The filters of the page: values of parameters, ranges, status. */

import { freshId, h } from '../../ui/dom.js';
import { valueText, withUnitOf } from '../model/document.js';
import { activeFilters, isRange } from '../model/filters.js';
import { statusCounts, statusText } from '../model/words.js';

function box(text, checked, change) {
  const id = freshId('box');
  const input = h('input', { type: 'checkbox', id, checked, onchange: () => change(input.checked) });
  return h('span', { class: 'box' }, input, h('label', { for: id }, text));
}

const boxes = (legend, all) => h('fieldset', { class: 'boxes' }, h('legend', null, legend), h('div', null, all));

function valueBoxes(p, view) {
  const set = (text, wanted) => view.setFilter((f) => {
    const without = f.without.get(p.index) ?? new Set();
    if (wanted) without.delete(text);
    else without.add(text);
    f.without.set(p.index, without);
  });
  return boxes(p.label, p.values.map((v) => box(valueText(p, v.text), true, (wanted) => set(v.text, wanted))));
}

/** Two ends, of which each may stay empty. */
function rangeOf(legend, change) {
  const end = (label) => h('input', { type: 'number', step: 'any', placeholder: label, 'aria-label': `${legend}, ${label}`, onchange: () => tell() });
  const [low, high] = [end('least'), end('most')];
  const read = ({ value }) => (value.trim() === '' || !Number.isFinite(Number(value)) ? null : Number(value));
  const tell = () => { const range = [read(low), read(high)]; change(range.every((v) => v === null) ? null : range); };
  return h('fieldset', { class: 'range' }, h('legend', null, legend), h('div', null, low, h('span', null, 'to'), high));
}

const ranged = (view, key, index) => (range) => view.setFilter((f) => { if (range) f[key].set(index, range); else f[key].delete(index); });

function statusBoxes(view) {
  const { designs } = view.study;
  const set = (status, wanted) => view.setFilter((f) => { if (wanted) f.statuses.add(status); else f.statuses.delete(status); });
  const counts = statusCounts(designs);
  const kinds = [
    designs.some((d) => d.front) ? box('on the front only', false, (v) => view.setFilter((f) => { f.front = v; })) : null,
    designs.some((d) => d.simulated) ? box('simulated only', false, (v) => view.setFilter((f) => { f.simulated = v; })) : null,
  ].filter(Boolean);
  return [kinds.length ? boxes('Kind', kinds) : null, counts.length > 1 ? boxes('Status', counts.map(([s, n]) => box(`${statusText(s)} (${n})`, s === 'done', (v) => set(s, v)))) : null];
}

/** All filters, folded, with how many designs are left. */
export function filterPanel(view) {
  const { study } = view;
  const left = h('p', { class: 'left', role: 'status' });
  const body = h('div', { class: 'filters' });
  const heading = h('summary', null, 'Filters');
  const fill = () => body.replaceChildren(...[
    ...statusBoxes(view),
    ...study.parameters.filter((p) => !p.constant).map((p) => (isRange(p) ? rangeOf(withUnitOf(p), ranged(view, 'parameterRanges', p.index)) : valueBoxes(p, view))),
    ...study.objectives.map((i) => rangeOf(withUnitOf(study.measures[i]), ranged(view, 'measureRanges', i))),
    h('button', { type: 'button', class: 'plain', onclick: () => { view.clearFilter(); fill(); heading.focus(); } }, 'No filter'),
  ].filter(Boolean));
  const tell = () => {
    const n = activeFilters(view.filter());
    heading.textContent = n ? `Filters (${n})` : 'Filters';
    left.textContent = `${view.shown().length} of ${study.designs.length} designs pass${n ? '' : ' (all that are done)'}.`;
  };
  view.on(['filter', 'figures'], tell);
  fill();
  tell();
  return h('div', { class: 'filter-panel' }, h('details', { class: 'twin' }, heading, body), left);
}
