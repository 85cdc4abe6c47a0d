/** Section: other processors, as published, around our runs. */

import { figure } from '../model/format.js';
import { baselineRows, besideModel } from '../model/beside.js';
import { besideOption } from '../charts/beside.js';
import { Chart } from '../ui/chart.js';
import { h } from '../ui/dom.js';
import { remark, section } from '../ui/section.js';
import { table } from '../ui/table.js';
import { number, text } from './tables.js';

const plotTwin = (m) => ({
  caption: 'Rate and power', columns: [text('processor'), number('power', 'W'), number('rate', 'GOP/s'), number('efficiency', 'TOP/W'), text('figures are')],
  rows: [...m.ours.map((p) => [p.name, p.watts, p.gops, p.efficiency, p.origin]), ...m.others.map((b) => [b.name, b.watts, b.gops, b.gops_per_w / 1e3, b.label])],
});

const ratios = (rows) => ({
  id: 'baseline-table', caption: 'One inference of our network',
  columns: [text('processor'), text('run'), number('latency', 'ms'), number('energy', 'µJ'), number('speed-up'), number('energy ratio, with DRAM'), number('energy ratio, chip only'), text('how compared'), text('power of')],
  rows: rows.map((b) => [{ value: b.name, note: b.title }, b.run, b.latency_ms, b.energy_per_inference_uj, b.speedup, b.energy_ratio, b.energy_ratio_chip, b.label, b.power_of]),
});

const restsOn = (rows) => ({
  caption: 'What the baselines rest on',
  columns: [text('processor'), text('kind'), text('measured on'), text('precision'), number('clock', 'MHz'), text('conditions'), text('source'), text('confidence'), text('of its energy'), text('note')],
  rows: [...new Map(rows.map((b) => [b.name, b])).values()].map((b) => {
    const m = b.measured ?? {};
    return [b.name, b.kind.replaceAll('_', ' '), m.network, m.precision, m.clock_mhz, m.conditions, m.source, m.confidence, m.energy_confidence, [b.note, m.note].filter(Boolean).join('; ')];
  }),
});

/** Baselines brought to one technology, where the result has them so. */
function normalised(rows) {
  const all = rows.filter((b) => b.normalised);
  if (!all.length) return null;
  return table({
    id: 'normalised-table',
    caption: 'Their energy in our node and at our supply, as if all of a system were logic; DRAM and boards do not scale so',
    columns: [text('processor'), text('run'), text('made in'), text('brought to'), number('factor'), number('within'), number('energy then', 'µJ'), number('ratio then, with DRAM'), number('ratio then, chip only'), text('confidence'), text('source'), text('rule')],
    rows: all.map((b) => {
      const n = b.normalised;
      const supply = `${figure(n.from_voltage_v)} V`;
      const from = n.from_voltage_is === 'its own' ? { value: `${n.from_node_nm} nm, ${supply}` } : { value: `${n.from_node_nm} nm`, note: `${supply}: ${n.from_voltage_is}` };
      return [b.name, b.run, from, `${n.node_nm} nm, ${n.voltage_v} V`, n.factor, n.within, n.energy_per_inference_uj, n.energy_ratio, n.energy_ratio_chip, n.confidence, n.source, n.note];
    }),
  });
}

export function beside({ runs, colours }) {
  const rows = baselineRows(runs);
  if (!rows.length) return null;
  const model = besideModel(runs);
  const drawn = model.ours.length + model.others.length > 0;
  const chart = new Chart();
  const labels = runs.map((r) => r.label);
  const start = () => drawn && chart.update({
    label: `Rate against power of ${model.ours.map((p) => `${p.name}: ${figure(p.gops)} GOP/s at ${figure(p.watts)} W`).join('; ')}; and of ${model.others.length} other processors.`,
    height: 470, option: besideOption(model, colours.run, labels), table: plotTwin(model),
    legend: labels.map((name, i) => ({ name, colour: colours.run(i), text: `${name}: ◆ with DRAM, ◇ chip only` })).concat([{ name: 'measured', colour: '#7d8791', text: '■ measured on this network' }, { name: 'scaled', colour: '#7d8791', text: '○ scaled by operations' }]),
  });
  const missing = model.unplotted.length ? remark(`Not in the plot, as their power or rate was not measured: ${model.unplotted.map((b) => b.name).join(', ')}.`) : null;
  return {
    element: section('baselines', 'Beside other processors', 'Published figures, as they were measured: without regard to node, voltage or precision. Dashed lines join points of equal efficiency. Ratios are theirs over ours: above 1 we are better.',
      drawn ? chart.element : null, missing, table(ratios(rows)), normalised(rows), h('details', { class: 'twin' }, h('summary', null, 'Conditions, sources and confidence'), table(restsOn(rows)))),
    start,
  };
}
