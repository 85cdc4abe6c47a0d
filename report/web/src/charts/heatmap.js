/** The array as it stands in the chip: row 0 at the top, a cell a PE. */

import { figure, percent } from '../model/format.js';
import { axis } from './frame.js';
import { tip } from './parts.js';

const RAMP = { light: ['#eef3f7', '#9cc6e0', '#3d8fc0', '#08507e'], dark: ['#20282f', '#1d506f', '#3c8dbd', '#b5dcf4'] };
const SIDE = 46;

/** Height in CSS pixels for so many rows. */
export const heatmapHeight = (rows) => Math.min(Math.max(rows * 24, 150), 640) + 120;

/** The least width at which cells can be told apart. */
export const heatmapWidth = (columns) => Math.max(300, columns * 12 + SIDE);

/** @param {NonNullable<ReturnType<import('../model/heatmap.js').heatmapModel>>} model */
export function heatmapOption(model) {
  const most = Math.max(1, model.highest);
  return (ink, width) => {
    const roomy = (width - SIDE) / model.columns >= 34;
    const strong = ink.dark ? (v) => v > 0.75 * most : (v) => v > 0.45 * most;
    const data = model.cells.map((cell) => ({ value: cell, label: { color: strong(cell[2]) ? (ink.dark ? '#14181c' : '#ffffff') : ink.ink } }));
    return {
      grid: { left: SIDE, right: 14, top: 14, bottom: 104 },
      xAxis: axis(ink, { type: 'category', data: [...Array(model.columns).keys()].map((c) => c * model.side), name: 'column', nameLocation: 'middle', nameGap: 26, splitLine: { show: false } }),
      yAxis: axis(ink, { type: 'category', inverse: true, data: [...Array(model.rows).keys()].map((r) => r * model.side), name: 'row', nameLocation: 'middle', nameGap: 28, splitLine: { show: false } }),
      visualMap: {
        min: 0, max: most, dimension: 2, calculable: false, orient: 'horizontal', left: 'center', bottom: 4, itemHeight: 180, itemWidth: 12,
        inRange: { color: RAMP[ink.dark ? 'dark' : 'light'] }, textStyle: { color: ink.soft }, text: [`${figure(100 * most)} % of the cycles`, '0'],
      },
      tooltip: { trigger: 'item', formatter: ({ data: { value: [c, r, share, macs] } }) => tip(model.side > 1 ? `PEs from row ${r * model.side}, column ${c * model.side}` : `PE at row ${r}, column ${c}`, [[null, model.slots, macs.toLocaleString('en-US')], [null, 'of all cycles', percent(share)]]) },
      series: [{
        type: 'heatmap', data, itemStyle: { borderColor: ink.paper, borderWidth: model.columns > 40 ? 0 : 1.5 },
        label: { show: roomy, fontSize: 11, formatter: ({ value }) => (100 * value[2]).toFixed(0) },
      }],
    };
  };
}
