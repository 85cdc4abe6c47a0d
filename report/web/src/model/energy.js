/** Energy of every layer, cut three ways. All cuts come from the same lines, so their sums agree. */

import { dramNames } from './runs.js';

/** The cuts: which key of an energy line they group by. */
export const CUTS = { component: 'component', tensor: 'tensor', confidence: 'confidence' };

/**
 * Parts of one layer in pJ.
 * @param {object} layer
 * @param {'component'|'tensor'|'confidence'} cut
 * @param {string[]} without components that are left out (DRAM, or none)
 * @returns {Map<string, number>}
 */
export function partsOf(layer, cut, without = []) {
  const parts = new Map();
  for (const line of layer.energy_lines ?? [])
    if (!without.includes(line.component))
      parts.set(line[CUTS[cut]], (parts.get(line[CUTS[cut]]) ?? 0) + line.energy_pj);
  return parts;
}

/** Names over all layers and runs, the dearest first. */
function namesOf(rows) {
  const sums = new Map();
  for (const row of rows) for (const [name, pj] of row.parts) sums.set(name, (sums.get(name) ?? 0) + pj);
  return [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

const measures = {
  absolute: (pj) => pj,
  share: (pj, row) => (row.total > 0 ? (100 * pj) / row.total : 0),
  per_op: (pj, row) => pj / row.ops,
};

/** Units of the measures; pJ still without a prefix. */
export const UNITS = { absolute: 'pJ', share: '% of the layer’s energy', per_op: 'pJ per operation' };

/**
 * The energy chart of one run.
 * @param {object} run
 * @param {{cut: string, measure: 'absolute'|'share'|'per_op', dram: boolean}} choice
 * @returns {{names: string[], rows: Array<{name: string, total: number, ops: number, parts: Map<string, number>,
 *   values: number[]}>, unit: string, dropped: string[]}} `values` follow `names`; per operation, layers that have
 *   none are `dropped`
 */
export function energyModel(run, { cut, measure, dram }) {
  const without = dram ? [] : dramNames(run);
  const all = run.layers.map((layer) => {
    const parts = partsOf(layer, cut, without);
    return { name: layer.name, ops: layer.ops, parts, total: [...parts.values()].reduce((a, b) => a + b, 0) };
  });
  const names = namesOf(all);
  const kept = measure === 'per_op' ? all.filter((row) => row.ops > 0) : all;
  const rows = kept.map((row) => ({ ...row, values: names.map((n) => measures[measure](row.parts.get(n) ?? 0, row)) }));
  return { names, rows, unit: UNITS[measure], dropped: all.filter((r) => !kept.includes(r)).map((r) => r.name) };
}

/**
 * Energy of an inference by component, of all runs side by side.
 * @returns {{names: string[], rows: Array<{name: string, parts: Map<string, number>, total: number, values: number[]}>}} pJ
 */
export function energyPerInference(runs, { cut = 'component', dram = true } = {}) {
  const rows = runs.map((run) => {
    const parts = new Map();
    for (const layer of run.layers)
      for (const [name, pj] of partsOf(layer, cut, dram ? [] : dramNames(run)))
        parts.set(name, (parts.get(name) ?? 0) + pj / run.batch);
    return { name: run.label, parts, total: [...parts.values()].reduce((a, b) => a + b, 0) };
  });
  const names = namesOf(rows);
  return { names, rows: rows.map((r) => ({ ...r, values: names.map((n) => r.parts.get(n) ?? 0) })) };
}
