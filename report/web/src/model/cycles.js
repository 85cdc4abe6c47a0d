/** Where every PE-cycle of every layer went. */

/** True where a result says where PE-cycles went; the closed form does not know. */
export const hasCycles = (run) => Object.values(run.result.totals?.cycle_stack ?? {}).some((n) => n > 0);

/**
 * @param {object} run
 * @param {'absolute'|'share'} measure
 * @returns {{names: string[], rows: Array<{name: string, total: number, values: number[]}>, unit: string}}
 *   causes in the order of the data, those that never occur left out
 */
export function cycleModel(run, measure) {
  const all = Object.keys(run.result.totals.cycle_stack);
  const names = all.filter((cause) => run.layers.some((l) => l.cycle_stack[cause] > 0));
  const rows = run.layers.map((layer) => {
    const total = names.reduce((sum, cause) => sum + layer.cycle_stack[cause], 0);
    const values = names.map((cause) => measure === 'share' ? (total > 0 ? (100 * layer.cycle_stack[cause]) / total : 0) : layer.cycle_stack[cause]);
    return { name: layer.name, total, values };
  });
  return { names, rows, unit: measure === 'share' ? '% of the layer’s PE-cycles' : 'PE-cycles' };
}
