/** MACs that each PE did, against the cycles of its layer. */

/**
 * @param {object} layer with `pe_macs`, rows × columns, row 0 at the top
 * @returns {?{rows: number, columns: number, cells: Array<[number, number, number, number]>, highest: number,
 *   mean: number, idle: number}} cells are [column, row, utilisation, MACs]; null where the result has no `pe_macs`
 */
export function heatmapModel(layer) {
  if (!Array.isArray(layer.pe_macs) || !layer.pe_macs.length) return null;
  const cells = layer.pe_macs.flatMap((row, r) => row.map((macs, c) => [c, r, layer.cycles > 0 ? macs / layer.cycles : 0, macs]));
  return {
    rows: layer.pe_macs.length,
    columns: Math.max(...layer.pe_macs.map((row) => row.length)),
    cells,
    highest: Math.max(...cells.map((c) => c[2])),
    mean: cells.reduce((sum, c) => sum + c[2], 0) / cells.length,
    idle: cells.filter((c) => c[3] === 0).length,
  };
}
