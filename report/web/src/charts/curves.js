/** Curves over a common axis, two scales at most. */

import { figure } from '../model/format.js';
import { axis } from './frame.js';
import { tick, tip } from './parts.js';

const DASHES = ['solid', 'dashed', 'dotted'];

/**
 * @param {{x: {name: string, values: Array<number|string>, category?: boolean}, y: string[],
 *   series: Array<{name: string, colour: string, values: number[], on: 0|1}>}} model `y` names one scale or two
 */
export function curvesOption(model) {
  return (ink, width, hidden) => ({
    grid: { left: 66, right: model.y.length > 1 ? 66 : 24, top: 34, bottom: 56 },
    xAxis: axis(ink, { type: model.x.category ? 'category' : 'value', data: model.x.category ? model.x.values : undefined, name: model.x.name, nameLocation: 'middle', nameGap: 32, axisLabel: { hideOverlap: true }, splitLine: { show: false } }),
    yAxis: model.y.map((name, i) => axis(ink, { type: 'value', name, nameLocation: 'middle', nameGap: 48, position: i ? 'right' : 'left', axisLabel: { formatter: tick }, splitLine: { show: i === 0, lineStyle: { color: ink.line } } })),
    tooltip: { trigger: 'axis', formatter: (points) => tip(`${model.x.name}: ${points[0].axisValueLabel}`, points.map((p) => [p.color, p.seriesName, figure(model.x.category ? p.value : p.value[1])])) },
    series: model.series.filter((s) => !hidden.has(s.name)).map((s, i) => ({
      type: 'line', name: s.name, yAxisIndex: s.on, symbolSize: 6, itemStyle: { color: s.colour }, lineStyle: { color: s.colour, width: 2, type: DASHES[i % DASHES.length] },
      data: model.x.category ? s.values : s.values.map((v, j) => [model.x.values[j], v]),
    })),
  });
}
