/** Section: designs without a result, with their reasons. */

import { section } from '../../ui/section.js';
import { table } from '../../ui/table.js';
import { number, text } from '../../sections/tables.js';
import { statusCounts, statusText } from '../model/words.js';

/** Section, only where there are such designs. */
export function failed({ study }) {
  const without = study.designs.filter((d) => !d.done);
  if (!without.length) return null;
  const varied = study.parameters.filter((p) => !p.constant);
  const model = {
    id: 'failed-table', caption: 'Designs without a result', columns: [number('design', null, String), text('what happened'), text('reason'), ...varied.map((p) => (p.numeric ? number(p.label, p.unit) : text(p.label)))],
    rows: without.map((d) => [{ value: d.number, href: d.report, label: `Report of design ${d.number}` }, statusText(d.status), d.reason, ...varied.map((p) => (p.numeric ? { value: d.numbers[p.index] ?? null, text: d.values[p.index] || '–' } : d.values[p.index]))]),
  };
  return { element: section('failed', 'Designs without a result', `${statusCounts(without).map(([s, n]) => `${statusText(s)}: ${n}`).join('; ')}. None of them is on the front.`, table(model)) };
}
