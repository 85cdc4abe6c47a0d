/** Parameters and objectives as parallel axes, a line a design. */

import { tick } from '../../charts/parts.js';
import { logTicks, spanOf, wantsLog } from '../model/scale.js';

const inks = (ink, text) => ({ nameTextStyle: { color: ink.ink, fontSize: 12 }, axisLabel: { color: ink.soft, fontSize: 11.5, textBorderColor: ink.paper, textBorderWidth: 3, ...text }, axisLine: { lineStyle: { color: ink.soft } }, axisTick: { lineStyle: { color: ink.soft } } });

/** Long names stand on several lines. */
function folded(name, most) {
  const lines = [''];
  for (const word of name.split(' ')) {
    if (lines.at(-1) && `${lines.at(-1)} ${word}`.length > most) lines.push(word);
    else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  }
  return lines.join('\n');
}

function axisOf(ink, dimension, i, space) {
  const base = { dim: i, name: folded(dimension.name, Math.max(8, Math.floor(space / 7))), nameLocation: 'start', nameGap: 14, areaSelectStyle: { width: 22, borderWidth: 1, borderColor: ink.ink, color: ink.soft, opacity: 0.28 } };
  if (dimension.categories) return { type: 'category', data: dimension.categories, boundaryGap: true, ...base, ...inks(ink), axisTick: { show: false } };
  const span = spanOf(dimension.values);
  if (!wantsLog(span)) return { type: 'value', scale: true, ...base, ...inks(ink, { formatter: tick }) };
  const ticks = logTicks(span);
  return { type: 'log', min: ticks[0], max: ticks.at(-1), ...base, ...inks(ink, { formatter: tick, customValues: ticks }), axisTick: { customValues: ticks, lineStyle: { color: ink.soft } } };
}

/** The line of the selected design, over the chart. */
export function lineOver(row) {
  return (drawn, ink) => {
    const values = row();
    if (!values) return [];
    const { coordinateSystem } = drawn.getModel().getSeriesByType('parallel')[0];
    const points = coordinateSystem.dimensions.map((d, i) => coordinateSystem.dataToPoint(values[i], d)).map((p) => p.join()).join(' ');
    return [['polyline', { points, fill: 'none', stroke: ink.paper, 'stroke-width': 6 }], ['polyline', { points, fill: 'none', stroke: ink.ink, 'stroke-width': 2.8 }]];
  };
}

/** Width under which axes can't be told apart. */
export const parallelWidth = (axes) => axes * 92 + 60;

/**
 * @param {{dimensions: Array<{name: string, categories?: string[], values?: number[]}>, rows: Array<{value: Array, colour: function(boolean): ?string, front: boolean}>}} model
 */
export function parallelOption(model) {
  return (ink, width) => {
    const space = (width - 120) / Math.max(1, model.dimensions.length - 1);
    return {
      parallel: { left: 40, right: 80, top: 24, bottom: 76, axisExpandable: false, parallelAxisDefault: { realtime: false } },
      parallelAxis: model.dimensions.map((d, i) => axisOf(ink, d, i, space)),
      tooltip: { show: false },
      series: [{
        type: 'parallel', silent: true, inactiveOpacity: 0.04, activeOpacity: 0.9,
        data: model.rows.map((r) => ({ value: r.value, lineStyle: { color: r.colour(ink.dark) ?? ink.soft, width: r.front ? 2.2 : 1, opacity: r.front ? 0.95 : 0.34 } })),
      }],
    };
  };
}
