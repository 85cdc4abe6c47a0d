/** MACs, or what took their slots, that each PE did, against the cycles of its layer. */

/** More cells than these can't be told apart on a screen: then a cell is a square of PEs. */
export const MOST_CELLS = 4096;

/** Sums over squares of `side` × `side` PEs, the last ones smaller: `{macs, pes}` by row and column of squares. */
function squares(macs, side) {
  const rows = Math.ceil(macs.length / side);
  const columns = Math.ceil(Math.max(...macs.map((row) => row.length)) / side);
  const sums = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ({ macs: 0, pes: 0 })));
  macs.forEach((row, r) => row.forEach((n, c) => {
    const square = sums[Math.floor(r / side)][Math.floor(c / side)];
    square.macs += n;
    square.pes += 1;
  }));
  return sums;
}

/**
 * @param {object} layer with `pe_macs`, rows × columns, row 0 at the top
 * @returns {?{rows: number, columns: number, side: number, cells: Array<[number, number, number, number]>,
 *   highest: number, mean: number, idle: number, pes: number, slots: string}} cells are [column, row, utilisation, MACs], of single PEs or, in large
 *   arrays, of squares of `side` × `side`; all else is of PEs. `slots` is
 *   what was counted: MACs, or in layers without any the operations that take their slots. Null where the result has no `pe_macs`
 */
export function heatmapModel(layer) {
  if (!Array.isArray(layer.pe_macs) || !layer.pe_macs.length) return null;
  const all = layer.pe_macs.flat();
  const share = (macs, pes) => (layer.cycles > 0 && pes > 0 ? macs / layer.cycles / pes : 0);
  const side = Math.max(1, Math.ceil(Math.sqrt(all.length / MOST_CELLS)));
  const sums = squares(layer.pe_macs, side);
  return {
    rows: sums.length, columns: sums[0].length, side, pes: all.length, slots: layer.macs === 0 ? 'operations' : 'MACs',
    cells: sums.flatMap((row, r) => row.map(({ macs, pes }, c) => [c, r, share(macs, pes), macs])),
    highest: share(all.reduce((a, b) => Math.max(a, b), 0), 1),
    mean: share(all.reduce((a, b) => a + b, 0), all.length),
    idle: all.filter((n) => n === 0).length,
  };
}
