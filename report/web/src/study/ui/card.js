/** The card of the selected design: its parameters, and all measures of all networks. */

import { figure, isNumber } from '../../model/format.js';
import { h } from '../../ui/dom.js';
import { table } from '../../ui/table.js';
import { number, text } from '../../sections/tables.js';
import { valueText } from '../model/document.js';
import { errorText, kindOf } from '../model/words.js';

/** A figure with what it is: simulated, beside the closed form and its error; or the closed form alone. */
function measured(design, measure, network) {
  const closed = design.closed?.[network]?.[measure] ?? null, simulated = design.simulated?.[network]?.[measure] ?? null;
  if (!isNumber(simulated)) return isNumber(closed) ? { value: closed, note: 'closed form' } : null;
  const error = isNumber(closed) && simulated !== 0 ? ` (${errorText(closed / simulated - 1)})` : '';
  return { value: simulated, note: isNumber(closed) ? `closed form ${figure(closed)}${error}` : 'simulated' };
}

const figures = (study, design) => table({
  id: 'card-table', caption: `Figures of design ${design.number}`, columns: [text('measure'), text('unit'), ...study.networks.map((n) => number(n))],
  rows: study.measures.map((m) => [m.label, m.unit || '1', ...study.networks.map((_, i) => measured(design, m.index, i))]),
});

const parameters = (study, design) => h('dl', { class: 'chosen' }, study.parameters.map((p) => h('div', null, h('dt', null, p.label), h('dd', null, valueText(p, design.values[p.index])))));

/** The card, or what stands in its place. */
export function cardOf(study, design) {
  if (!design) return h('p', { class: 'remark screen' }, 'No design is selected. Click a point, or go to the plot and press the arrow keys: left and right follow the horizontal axis, up and down the vertical one; Enter opens the report, Escape lets go.');
  return h('article', { class: 'design', 'aria-labelledby': 'design-title' },
    h('header', null, h('h3', { id: 'design-title' }, `Design ${design.number}`), h('p', { class: 'kind' }, kindOf(design)),
      design.report ? h('a', { class: 'open', href: design.report }, `Open the report of design ${design.number}`) : h('span', { class: 'kind' }, 'no report')),
    design.reason ? h('p', { class: 'note' }, design.reason) : null, parameters(study, design), design.closed || design.simulated ? figures(study, design) : null);
}
