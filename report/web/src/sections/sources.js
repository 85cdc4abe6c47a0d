/** Section: what the energy rests on. */

import { figure, intervalText, scaleFor } from '../model/format.js';
import { byConfidence, bySource, priceRows } from '../model/prices.js';
import { stackHeight, stackOption } from '../charts/stack.js';
import { Chart } from '../ui/chart.js';
import { toolbar } from '../ui/controls.js';
import { h } from '../ui/dom.js';
import { note, section } from '../ui/section.js';
import { table } from '../ui/table.js';
import { legendOf, number, share, text } from './tables.js';

function priceTable(run) {
  const rows = priceRows(run);
  const { unit, factor } = scaleFor(Math.max(...rows.map((r) => r.charged_pj), 0), 'pJ');
  return {
    id: 'price-table', caption: `Prices of ${run.result.energy_table.name}`,
    columns: [text('component'), text('action'), number('price', 'pJ'), text('per'), number('at', 'bits'), number('charged', unit), share('share'), text('confidence'), text('source'), text('note')],
    rows: rows.map((p) => [p.component, p.action, { value: p.energy_pj, note: intervalText(p.interval_pj) || undefined }, p.per, p.at_bits, p.charged_pj / factor, p.share, p.confidence, p.source, p.note]),
  };
}

function restsTable(caption, first, rows) {
  const { unit, factor } = scaleFor(Math.max(...rows.map((r) => r.pj), 0), 'pJ');
  return { caption, columns: [text(first), number('energy', unit), share('share')], rows: rows.map((r) => [r.name, { value: r.pj / factor, note: intervalText(r.interval, factor) || undefined }, r.share]) };
}

export function sources(page) {
  const chart = new Chart();
  const body = h('div', null);
  const update = () => {
    const run = page.run();
    const trust = byConfidence(run);
    const names = trust.map((r) => r.name);
    const model = { names, rows: [{ name: 'energy', values: trust.map((r) => 100 * r.share) }] };
    chart.update({
      label: `Energy of ${run.label} by confidence of its prices: ${trust.map((r) => `${r.name} ${figure(100 * r.share, 3)} %`).join(', ')}.`, height: stackHeight(1),
      option: stackOption(model, { colour: page.colours.confidence, unit: '% of the run’s energy', most: 100 }), legend: legendOf(names, page.colours.confidence), toggles: true,
      table: restsTable('Energy by confidence', 'confidence', trust),
    });
    const t = run.result.energy_table;
    body.replaceChildren(note(`${t.title ?? t.name}; ${figure(t.technology_nm)} nm, ${figure(t.voltage_v)} V.`), table(priceTable(run)),
      h('details', { class: 'twin' }, h('summary', null, 'Energy by source'), table(restsTable('Energy by source', 'source', bySource(run)))));
  };
  page.onRun(update);
  return { element: section('sources', 'Sources', 'The efficiency of a design is no better known than the prices it rests on: each with its source, how sure it is, and the energy that it was charged for.', toolbar(page.runControl()), chart.element, body), start: update };
}
