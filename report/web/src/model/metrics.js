/** The figures of a run that the summary shows, each with unit and origin. */

import { isNumber } from './format.js';
import { sameNetwork } from './runs.js';

const SIMULATED = 'simulated';
const PRICED = 'simulated counts × energy table';

const perInference = (run, interval) => interval?.map((pj) => (pj * 1e-6) / run.batch);

/**
 * Every metric: `of` and `interval` read a run, `better` says which end is the good one.
 * @type {Array<{key: string, name: string, unit: string, origin: string, better?: 'low'|'high', card?: boolean,
 *   of: function(object): ?number, interval?: function(object): ?number[]}>}
 */
export const METRICS = [
  { key: 'latency', name: 'Latency of the run', unit: 'ms', origin: 'simulated cycles / clock', better: 'low', card: true,
    of: (r) => r.result.totals.latency_ms },
  { key: 'rate', name: 'Throughput', unit: 'inferences/s', origin: 'simulated cycles / clock', better: 'high', card: true,
    of: (r) => r.result.totals.inferences_per_s },
  { key: 'energy', name: 'Energy per inference, with DRAM', unit: 'µJ', origin: PRICED, better: 'low', card: true,
    of: (r) => r.result.totals.energy_per_inference_uj, interval: (r) => perInference(r, r.result.totals.energy_pj.interval) },
  { key: 'energy_chip', name: 'Energy per inference, chip only', unit: 'µJ', origin: PRICED, better: 'low',
    of: (r) => r.result.totals.energy_per_inference_chip_uj, interval: (r) => perInference(r, r.result.totals.energy_pj.interval_on_chip) },
  { key: 'efficiency', name: 'Efficiency, with DRAM', unit: 'TOP/W', origin: PRICED, better: 'high', card: true,
    of: (r) => r.result.totals.tops_per_w, interval: (r) => r.result.totals.tops_per_w_interval },
  { key: 'efficiency_chip', name: 'Efficiency, chip only', unit: 'TOP/W', origin: PRICED, better: 'high', card: true,
    of: (r) => r.result.totals.tops_per_w_chip, interval: (r) => r.result.totals.tops_per_w_chip_interval },
  { key: 'gops', name: 'Rate', unit: 'GOP/s', origin: 'simulated; one MAC is two operations', better: 'high', card: true,
    of: (r) => r.result.totals.gops },
  { key: 'utilization', name: 'Utilization', unit: '%', origin: 'MAC slots / PE-cycles, simulated', better: 'high', card: true,
    of: (r) => 100 * r.result.totals.utilization },
  { key: 'power', name: 'Power, with DRAM', unit: 'mW', origin: PRICED, better: 'low', card: true,
    of: (r) => r.result.totals.power_mw },
  { key: 'power_chip', name: 'Power, chip only', unit: 'mW', origin: PRICED, better: 'low',
    of: (r) => r.result.totals.power_chip_mw },
  { key: 'pj_per_op', name: 'Energy per operation, with DRAM', unit: 'pJ', origin: PRICED, better: 'low',
    of: (r) => r.result.totals.energy_per_op_pj },
  { key: 'edp', name: 'Energy × delay per inference', unit: 'J s', origin: PRICED, better: 'low',
    of: (r) => r.result.totals.energy_delay_per_inference_j_s },
  { key: 'dram', name: 'DRAM traffic per inference', unit: 'kB', origin: `${SIMULATED}, bytes as coded`, better: 'low',
    of: (r) => r.result.totals.dram_bytes.total / r.batch / 1e3 },
  { key: 'area', name: 'Area of parts with a figure', unit: 'mm²', origin: 'area table', better: 'low',
    of: (r) => r.result.area?.total_mm2, interval: (r) => r.result.area?.interval_mm2 },
  { key: 'cycles', name: 'Cycles', unit: 'core cycles', origin: SIMULATED, of: (r) => r.result.totals.cycles },
  { key: 'macs', name: 'MACs run', unit: 'MACs', origin: 'of the layers on the machine', of: (r) => r.result.totals.macs },
  { key: 'pes', name: 'PEs', unit: 'PEs', origin: 'architecture', of: (r) => r.result.architecture.pes },
  { key: 'clock', name: 'Clock', unit: 'MHz', origin: 'architecture', of: (r) => r.result.architecture.frequency_mhz },
  { key: 'batch', name: 'Batch', unit: 'inferences', origin: 'command', of: (r) => r.batch },
  { key: 'wrong', name: 'Wrong ofmap words', unit: 'words', origin: 'compared with the reference',
    of: (r) => r.result.totals.functional.checked ? r.result.totals.functional.mismatches : null },
];

/** Indices of the best values; none for fewer than two, or if all are equal. */
export function best(values, better) {
  const known = values.filter(isNumber);
  if (!better || known.length < 2 || new Set(known).size < 2) return [];
  const target = better === 'low' ? Math.min(...known) : Math.max(...known);
  return values.flatMap((v, i) => (v === target ? [i] : []));
}

/**
 * Metrics by runs. The best is marked only between runs of one network.
 * @returns {Array<{key: string, name: string, unit: string, origin: string, values: Array<?number>,
 *   intervals: Array<?number[]>, best: number[]}>} rows without any value are left out
 */
export function metricRows(runs) {
  const comparable = sameNetwork(runs);
  return METRICS.map((m) => {
    const values = runs.map((r) => { const v = m.of(r); return isNumber(v) ? v : null; });
    return {
      ...m,
      values,
      intervals: runs.map((r) => m.interval?.(r) ?? null),
      best: comparable ? best(values, m.better) : [],
    };
  }).filter((row) => row.values.some(isNumber));
}
