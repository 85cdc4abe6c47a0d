/** The figures of a run that the summary shows, each with unit and origin. */

import { isComplete } from './area.js';
import { isNumber } from './format.js';
import { best } from './ranking.js';
import { closedShare } from './runs.js';

const SIMULATED = 'simulated';
const PRICED = 'simulated counts × energy table';

const totals = (run) => run.result.totals ?? {};
const perInference = (run, interval) => interval?.map((pj) => (pj * 1e-6) / run.batch);
/** Figures of operations; a run without any has none. */
const perOp = (run, key) => (totals(run).ops > 0 ? totals(run)[key] : null);
const given = (v, then) => (isNumber(v) ? then(v) : null);

/**
 * Every metric: `of` and `interval` read a run, which may lack any key; `better` says which end is the good one, `least`
 * whether a run's value is only the least that it can be.
 * @type {Array<{key: string, name: string, unit: string, origin: string, better?: 'low'|'high', card?: boolean, ofOps?: boolean,
 *   of: function(object): ?number, interval?: function(object): ?number[], least?: function(object): boolean}>}
 */
export const METRICS = [
  { key: 'latency', name: 'Latency of the run', unit: 'ms', origin: 'simulated cycles / clock', better: 'low', card: true,
    of: (r) => totals(r).latency_ms },
  { key: 'rate', name: 'Throughput', unit: 'inferences/s', origin: 'simulated cycles / clock', better: 'high', card: true,
    of: (r) => totals(r).inferences_per_s },
  { key: 'energy', name: 'Energy per inference, with DRAM', unit: 'µJ', origin: PRICED, better: 'low', card: true,
    of: (r) => totals(r).energy_per_inference_uj, interval: (r) => perInference(r, totals(r).energy_pj?.interval) },
  { key: 'energy_chip', name: 'Energy per inference, chip only', unit: 'µJ', origin: PRICED, better: 'low',
    of: (r) => totals(r).energy_per_inference_chip_uj, interval: (r) => perInference(r, totals(r).energy_pj?.interval_on_chip) },
  { key: 'efficiency', ofOps: true, name: 'Efficiency, with DRAM', unit: 'TOP/W', origin: PRICED, better: 'high', card: true,
    of: (r) => perOp(r, 'tops_per_w'), interval: (r) => perOp(r, 'tops_per_w_interval') },
  { key: 'efficiency_chip', ofOps: true, name: 'Efficiency, chip only', unit: 'TOP/W', origin: PRICED, better: 'high', card: true,
    of: (r) => perOp(r, 'tops_per_w_chip'), interval: (r) => perOp(r, 'tops_per_w_chip_interval') },
  { key: 'gops', ofOps: true, name: 'Rate', unit: 'GOP/s', origin: 'simulated; one MAC is two operations', better: 'high', card: true,
    of: (r) => perOp(r, 'gops') },
  { key: 'utilization', name: 'Utilization', unit: '%', origin: 'MAC slots / PE-cycles, simulated', better: 'high', card: true,
    of: (r) => given(totals(r).utilization, (v) => 100 * v) },
  { key: 'power', name: 'Power, with DRAM', unit: 'mW', origin: PRICED, better: 'low', card: true,
    of: (r) => totals(r).power_mw },
  { key: 'power_chip', name: 'Power, chip only', unit: 'mW', origin: PRICED, better: 'low',
    of: (r) => totals(r).power_chip_mw },
  { key: 'pj_per_op', ofOps: true, name: 'Energy per operation, with DRAM', unit: 'pJ', origin: PRICED, better: 'low',
    of: (r) => perOp(r, 'energy_per_op_pj') },
  { key: 'edp', name: 'Energy × delay per inference', unit: 'J s', origin: PRICED, better: 'low',
    of: (r) => totals(r).energy_delay_per_inference_j_s },
  { key: 'dram', name: 'DRAM traffic per inference', unit: 'kB', origin: `${SIMULATED}, bytes as coded`, better: 'low',
    of: (r) => given(totals(r).dram_bytes?.total, (v) => v / r.batch / 1e3) },
  { key: 'area', name: 'Area of the chip', unit: 'mm²', origin: 'area table', better: 'low',
    of: (r) => r.result.area?.total_mm2, interval: (r) => r.result.area?.interval_mm2, least: (r) => !isComplete(r.result.area) },
  { key: 'cycles', name: 'Cycles', unit: 'core cycles', origin: SIMULATED, of: (r) => totals(r).cycles },
  { key: 'macs', name: 'MACs run', unit: 'MACs', origin: 'of the layers on the machine', of: (r) => totals(r).macs },
  { key: 'pes', name: 'PEs', unit: 'PEs', origin: 'architecture', of: (r) => r.result.architecture?.pes },
  { key: 'clock', name: 'Clock', unit: 'MHz', origin: 'architecture', of: (r) => r.result.architecture?.frequency_mhz },
  { key: 'batch', name: 'Batch', unit: 'inferences', origin: 'command', of: (r) => r.batch },
  { key: 'wrong', name: 'Wrong ofmap words', unit: 'words', origin: 'compared with the reference',
    of: (r) => totals(r).functional?.checked ? totals(r).functional.mismatches : null },
];

const BY = { none: 'simulated', all: 'closed form', some: 'simulated or closed form' };
/** What a figure comes from, where runs may be estimates of the closed form. */
const originOf = (origin, runs) => origin.replace(/simulated/g, BY[closedShare(runs)]);

/**
 * Metrics by runs.
 * @returns {Array<{key: string, name: string, unit: string, origin: string, values: Array<?number>,
 *   intervals: Array<?number[]>, least: boolean[], best: number[]}>} rows without any value are left out, but for those of operations
 */
export function metricRows(runs) {
  return METRICS.map((m) => {
    const values = runs.map((r) => { const v = m.of(r); return isNumber(v) ? v : null; });
    const least = runs.map((r, i) => values[i] !== null && (m.least?.(r) ?? false));
    return { ...m, origin: originOf(m.origin, runs), values, intervals: runs.map((r) => m.interval?.(r) ?? null), least, best: best(runs, values, m.better, least) };
  }).filter((row) => row.ofOps || row.values.some(isNumber));
}
