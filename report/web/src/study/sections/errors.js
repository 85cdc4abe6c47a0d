/** Section: how far the closed form is from the simulation, where both are. */

import { list, toolbar } from '../../ui/controls.js';
import { Chart } from '../../ui/chart.js';
import { h } from '../../ui/dom.js';
import { remark, section } from '../../ui/section.js';
import { table } from '../../ui/table.js';
import { number, text } from '../../sections/tables.js';
import { LOOKS, errorsOption } from '../charts/errors.js';
import { withUnitOf } from '../model/document.js';
import { errorPoints, errorRows } from '../model/errors.js';
import { errorText } from '../model/words.js';

const size = (title) => number(title, '%', (v) => errorText(v).replace('+', '').replace(' %', ''));

function summaryTable(rows) {
  return table({
    id: 'error-table', caption: 'Size of the error', columns: [text('measure'), text('designs'), number('points'), size('median'), size('worst'), text('worst at')],
    rows: rows.map((r) => [r.measure.label, r.text, r.points, r.median, r.worst, r.worst === 0 ? '' : { value: `design ${r.at.design.number}, ${r.at.network}`, text: `design ${r.at.design.number}, ${r.at.network}`, href: r.at.design.report }]),
  });
}

const twinOf = (measure, points) => () => ({
  caption: `Closed form and simulation, ${measure.label}`, columns: [number('design', null, String), text('network'), number('closed form', measure.unit), number('simulated', measure.unit), number('error', '%', (v) => errorText(v).replace(' %', '')), text('on the front'), text('in the random sample')],
  rows: points.map((p) => [{ value: p.design.number, href: p.design.report, label: `Report of design ${p.design.number}` }, p.network, p.closed, p.simulated, p.error, p.design.front ? 'yes' : '', p.design.sampled ? 'yes' : '']),
});

/** Section, only where something was simulated. */
export function errors(view) {
  const { study } = view;
  const rows = errorRows(study);
  if (!rows.length) return null;
  const chart = new Chart();
  const below = h('div', null);
  const known = [...new Set(rows.map((r) => r.measure))];
  const worst = (m) => Math.max(...rows.filter((r) => r.measure === m).map((r) => r.worst));
  let measure = known.find((m) => study.objectives.includes(m.index) && worst(m) > 0) ?? known[0];
  const update = () => {
    const points = errorPoints(study, measure.index);
    chart.update({
      label: `Error of the closed form, ${withUnitOf(measure)}, of ${points.length} simulated networks: at most ${errorText(worst(measure))}.`, height: 380, option: errorsOption({ measure, points }), table: twinOf(measure, points),
      legend: LOOKS.map((l) => ({ name: l.text, colour: l.colour, text: `${{ rect: '■', circle: '●', diamond: '◆' }[l.symbol]} ${l.text}` })), events: { click: ({ data }) => { if (data?.point) view.select(data.point.design); } },
    });
    below.replaceChildren(...(worst(measure) === 0 ? [remark(`Of ${measure.label} both are equal in every design.`)] : []));
  };
  return {
    element: section('errors', 'Error of the closed form', 'A point is a network on a design that was simulated; above zero the closed form says more than the simulation. The random sample says what to expect of any design, the front of those that were chosen by the closed form.',
      toolbar(list('Measure', known.map((m) => [String(m.index), withUnitOf(m)]), String(measure.index), (v) => { measure = study.measures[Number(v)]; update(); })), chart.element, below, summaryTable(rows)),
    start: update,
  };
}
