/** Plain horizontal bars with intervals, for a figure or two of every run. */

import { figure } from '../model/format.js';
import { axis } from './frame.js';
import { nameRoom, tick, tip } from './parts.js';

/** Height in CSS pixels for n rows of k bars. */
export const barsHeight = (n, k) => n * (k * 20 + 14) + 84;

/**
 * @param {{names: string[], series: Array<{name: string, colour: string, values: Array<?number>, intervals?: Array<?number[]>}>}} model
 * @param {string} unit
 * @param {string} what the figure, for the axis
 */
export function barsOption(model, unit, what) {
  return (ink, width, hidden) => ({
    grid: { left: nameRoom(model.names, width), right: 70, top: 16, bottom: 46 },
    xAxis: axis(ink, { type: 'value', name: `${what} (${unit})`, nameLocation: 'middle', nameGap: 28, axisLabel: { formatter: tick, hideOverlap: true }, splitNumber: width < 500 ? 3 : 5 }),
    yAxis: axis(ink, { type: 'category', inverse: true, data: model.names, axisTick: { show: false }, axisLabel: { color: ink.ink, interval: 0, width: nameRoom(model.names, width) - 10, overflow: 'break' } }),
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: ([first]) => tip(model.names[first.dataIndex], model.series.map((s) => [s.colour, s.name, `${figure(s.values[first.dataIndex])} ${unit}`])) },
    series: model.series.filter((s) => !hidden.has(s.name)).map((s) => ({
      type: 'bar', name: s.name, barWidth: 15, barGap: '25%', data: s.values, itemStyle: { color: s.colour },
      label: { show: true, position: 'right', color: ink.soft, fontSize: 12, formatter: ({ value }) => figure(value) },
      markLine: {
        silent: true, symbol: ['rect', 'rect'], symbolSize: [2, 11], lineStyle: { color: ink.ink, width: 1.5, type: 'solid' }, label: { show: false },
        data: (s.intervals ?? []).flatMap((v, i) => (v ? [[{ coord: [v[0], model.names[i]] }, { coord: [v[1], model.names[i]] }]] : [])),
      },
    })),
  });
}
