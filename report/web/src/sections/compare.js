/** Runs side by side: where an inference's energy goes, how long it takes, what efficiency that makes. */

import { figure, isNumber, scaleFor } from '../model/format.js';
import { energyPerInference } from '../model/energy.js';
import { stackHeight, stackOption } from '../charts/stack.js';
import { barsHeight, barsOption } from '../charts/bars.js';
import { Chart } from '../ui/chart.js';
import { radios, toolbar } from '../ui/controls.js';
import { h } from '../ui/dom.js';
import { section } from '../ui/section.js';
import { legendOf, number, stackTable, text } from './tables.js';

function energyChart({ runs, colours }) {
  const chart = new Chart();
  const choice = { cut: 'component', dram: 'with' };
  const update = () => {
    const raw = energyPerInference(runs, { cut: choice.cut, dram: choice.dram === 'with' });
    const { unit, factor } = scaleFor(Math.max(...raw.rows.map((r) => r.total)), 'pJ');
    const model = { ...raw, rows: raw.rows.map((r) => ({ ...r, values: r.values.map((v) => v / factor) })) };
    chart.update({
      label: `Energy per inference of ${runs.length} runs by ${choice.cut}, in ${unit}.`, height: stackHeight(runs.length),
      option: stackOption(model, { colour: colours[choice.cut], unit: `energy (${unit})`, totals: true }), legend: legendOf(model.names, colours[choice.cut]), toggles: true,
      table: stackTable(model, { caption: 'Energy per inference', first: 'run', unit }),
    });
  };
  const set = (key) => (value) => { choice[key] = value; update(); };
  const bar = toolbar(radios('Parts', [['component', 'by component'], ['tensor', 'by tensor'], ['confidence', 'by confidence']], choice.cut, set('cut')),
    radios('Memory', [['with', 'with DRAM'], ['without', 'chip only']], choice.dram, set('dram')));
  return { element: h('div', null, h('h3', null, 'Energy per inference'), bar, chart.element), start: update };
}

function barChart(title, what, unit, runs, series) {
  const chart = new Chart();
  const names = runs.map((r) => r.label);
  const intervals = series.filter((s) => s.intervals?.some(Boolean));
  const twin = {
    caption: title,
    columns: [text('run'), ...series.map((s) => number(s.name, unit)), ...intervals.flatMap((s) => [number(`${s.name}, low`, unit), number(`${s.name}, high`, unit)])],
    rows: runs.map((r, i) => [r.label, ...series.map((s) => s.values[i]), ...intervals.flatMap((s) => s.intervals[i] ?? [null, null])]),
  };
  const start = () => chart.update({
    label: `${title} in ${unit}: ${runs.map((r, i) => `${r.label} ${figure(series[0].values[i])}`).join(', ')}.`, height: barsHeight(runs.length, series.length),
    option: barsOption({ names, series }, unit, what), legend: series.length > 1 ? series : null, toggles: series.length > 1, table: twin,
  });
  return { element: h('div', null, h('h3', null, title), chart.element), start };
}

const ofOps = (t, key) => (t.ops > 0 ? t[key] : null);
/** Intervals with two ends, or none. */
const intervalsOf = (totals, key) => totals.map((t) => { const v = ofOps(t, key); return v?.every(isNumber) ? v : null; });

/** Section, only where there are runs to compare. */
export function compare(page) {
  const { runs } = page;
  if (runs.length < 2) return null;
  const totals = runs.map((r) => r.result.totals);
  const parts = [
    energyChart(page),
    barChart('Latency of an inference, the run divided by its batch', 'latency', 'ms', runs, [{ name: 'latency', colour: '#0072b2', values: runs.map((r) => r.result.totals.latency_ms / r.batch) }]),
    barChart('Efficiency', 'efficiency', 'TOP/W', runs, [
      { name: 'chip only', colour: '#009e73', values: totals.map((t) => ofOps(t, 'tops_per_w_chip')), intervals: intervalsOf(totals, 'tops_per_w_chip_interval') },
      { name: 'with DRAM', colour: '#474c7d', values: totals.map((t) => ofOps(t, 'tops_per_w')), intervals: intervalsOf(totals, 'tops_per_w_interval') },
    ]),
  ];
  return {
    element: section('compare', 'Runs side by side', 'Bars share one scale. Thin lines with caps, where a run has them, are the intervals of its prices.', parts.map((p) => p.element)),
    start: () => parts.forEach((p) => p.start()),
  };
}
