/** Plain horizontal bars with intervals, for a figure or two of every run. */

import { figure } from '../model/format.js';
import { axis } from './frame.js';
import { nameRoom, tick, tip } from './parts.js';

/** Height in CSS pixels for n rows of k bars. */
export const barsHeight = (n, k) => n * (k * 20 + 14) + 84;

/** The end of an axis that has room for the highest bar or interval: a fifth of its power of ten. */
export function roomFor(highest) {
  if (!(highest > 0)) return undefined;
  const power = 10 ** Math.floor(Math.log10(highest));
  return Number(((Math.ceil((highest / power) * 5) / 5) * power).toPrecision(6));
}

const highest = (series) => Math.max(0, ...series.flatMap((s) => [...s.values, ...(s.intervals ?? []).map((v) => v?.[1])]).filter(Number.isFinite));

/** A bar's figure stands behind its interval, where it has one. */
const barData = (s) => s.values.map((value, i) => (s.intervals?.[i] ? { value, label: { show: false } } : value));
const intervalsOf = (s, names, ink) => (s.intervals ?? []).flatMap((v, i) => (v ? [[
  { coord: [v[0], names[i]], label: { show: true, position: 'end', distance: 6, color: ink.soft, fontSize: 12, formatter: figure(s.values[i]) } },
  { coord: [v[1], names[i]] }]] : []));

/**
 * @param {{names: string[], series: Array<{name: string, colour: string, values: Array<?number>, intervals?: Array<?number[]>}>}} model
 * @param {string} unit
 * @param {string} what the figure, for the axis
 */
export function barsOption(model, unit, what) {
  return (ink, width, hidden) => ({
    grid: { left: nameRoom(model.names, width), right: 70, top: 16, bottom: 46 },
    xAxis: axis(ink, { type: 'value', name: `${what} (${unit})`, nameLocation: 'middle', nameGap: 28, axisLabel: { formatter: tick, hideOverlap: true }, splitNumber: width < 500 ? 3 : 5, max: roomFor(highest(model.series.filter((s) => !hidden.has(s.name)))) }),
    yAxis: axis(ink, { type: 'category', inverse: true, data: model.names, axisTick: { show: false }, axisLabel: { color: ink.ink, interval: 0, width: nameRoom(model.names, width) - 10, overflow: 'break' } }),
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: ([first]) => tip(model.names[first.dataIndex], model.series.map((s) => [s.colour, s.name, `${figure(s.values[first.dataIndex])} ${unit}`])) },
    series: model.series.filter((s) => !hidden.has(s.name)).map((s) => ({
      type: 'bar', name: s.name, barWidth: 15, barGap: '25%', data: barData(s), itemStyle: { color: s.colour },
      label: { show: true, position: 'right', color: ink.soft, fontSize: 12, formatter: ({ value }) => figure(value) },
      markLine: {
        silent: true, symbol: ['rect', 'rect'], symbolSize: [11, 2], lineStyle: { color: ink.ink, width: 1.5, type: 'solid' },
        data: intervalsOf(s, model.names, ink),
      },
    })),
  });
}
