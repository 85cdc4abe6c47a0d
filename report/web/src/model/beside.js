/** Other processors beside our runs: power against rate, and how they are compared. */

import { isNumber } from './format.js';
import { isClosed } from './runs.js';

/** Our runs as points: with DRAM and chip only. */
export function ourPoints(runs) {
  return runs.flatMap((run) => {
    const t = run.result.totals ?? {};
    const origin = `${isClosed(run) ? 'closed form' : 'simulated'} counts × energy table`;
    return [
      { name: `${run.label}, with DRAM`, watts: t.power_mw / 1e3, gops: t.gops, efficiency: t.tops_per_w, run: run.label, origin, basis: 'with DRAM', interval: t.tops_per_w_interval ?? null },
      { name: `${run.label}, chip only`, watts: t.power_chip_mw / 1e3, gops: t.gops, efficiency: t.tops_per_w_chip, run: run.label, origin, basis: 'chip only', interval: t.tops_per_w_chip_interval ?? null },
    ].filter((p) => p.watts > 0 && p.gops > 0);
  });
}

/** Baselines of all runs, each once for each network that it was compared on. */
export function baselineRows(runs) {
  const rows = new Map();
  for (const run of runs)
    for (const b of run.result.baselines ?? []) {
      const watts = b.gops > 0 && b.gops_per_w > 0 ? b.gops / b.gops_per_w : null;
      rows.set(`${run.label}\n${b.name}`, { ...b, run: run.label, watts });
    }
  return [...rows.values()];
}

/**
 * The plot and what can't be on it.
 * @returns {{ours: object[], others: object[], unplotted: object[], span: {watts: number[], gops: number[]}}} of
 *   `others` one point for each processor and pair of figures; `unplotted` lack a rate or a power
 */
export function besideModel(runs) {
  const ours = ourPoints(runs);
  const rows = baselineRows(runs);
  const seen = new Set();
  const once = (r) => { const key = `${r.name} ${r.gops} ${r.watts}`; const fresh = !seen.has(key); seen.add(key); return fresh; };
  const others = rows.filter((r) => isNumber(r.watts)).filter(once);
  const unplotted = rows.filter((r) => !isNumber(r.watts)).filter(once);
  const range = (values) => [Math.min(...values), Math.max(...values)];
  const all = [...ours, ...others];
  return { ours, others, unplotted, span: { watts: range(all.map((p) => p.watts)), gops: range(all.map((p) => p.gops)) } };
}
