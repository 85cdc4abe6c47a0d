/** Horizontal stacked bars: a bar a row, as tall as there are rows. */

import { figure, percent } from '../model/format.js';
import { axis } from './frame.js';
import { nameRoom, tick, tip } from './parts.js';

const BAR = 15;
const PITCH = 23;
const TALL = 24;

/** Height in CSS pixels for n bars. */
export const stackHeight = (n) => n * PITCH + 58;

function tooltip(model, colour, unit, shown) {
  return ([first]) => {
    const row = model.rows[first.dataIndex];
    const parts = model.names.map((name, i) => [name, row.values[i]]).filter(([name, v]) => v !== 0 && shown(name));
    const sum = parts.reduce((s, [, v]) => s + v, 0);
    return tip(row.name, [...parts.map(([name, v]) => [colour(name), name, figure(v), percent(sum > 0 ? v / sum : 0)]), [null, 'sum', figure(sum)]], unit);
  };
}

/**
 * @param {{names: string[], rows: Array<{name: string, values: number[]}>}} model
 * @param {{colour: function(string): string, unit: string, most?: number, totals?: boolean}} look `most`: the axis ends
 *   here; `totals`: the sum stands at the end of each bar
 * @returns {function(object, number, Set<string>): object}
 */
export function stackOption(model, { colour, unit, most, totals = false }) {
  return (ink, width, hidden) => {
    const shown = (name) => !hidden.has(name);
    const tall = model.rows.length > TALL;  // then the axis stands where reading begins
    const sums = model.rows.map((row) => row.values.reduce((s, v, i) => s + (shown(model.names[i]) ? v : 0), 0));
    const x = { type: 'value', max: most, axisLabel: { formatter: tick, hideOverlap: true }, splitNumber: width < 500 ? 3 : 6, interval: most === 100 ? (width < 500 ? 25 : 20) : undefined };
    const bars = model.names.map((name, i) => ({
      type: 'bar', name, stack: 'all', barWidth: BAR, data: shown(name) ? model.rows.map((row) => row.values[i]) : [],
      itemStyle: { color: colour(name), borderColor: ink.paper, borderWidth: 0.5 },
    }));
    const ends = { type: 'bar', stack: 'all', name: '', silent: true, data: sums.map(() => 0), label: { show: totals, position: 'right', color: ink.soft, fontSize: 12, formatter: (p) => figure(sums[p.dataIndex]) } };
    return {
      grid: { left: nameRoom(model.rows.map((r) => r.name), width), right: totals ? 66 : 22, top: tall ? 46 : 8, bottom: tall ? 8 : 46 },
      xAxis: [axis(ink, { ...x, position: tall ? 'top' : 'bottom', name: unit, nameLocation: 'middle', nameGap: 28 })],
      yAxis: axis(ink, {
        type: 'category', inverse: true, data: model.rows.map((r) => r.name), axisTick: { show: false },
        axisLabel: { color: ink.ink, interval: 0, width: nameRoom(model.rows.map((r) => r.name), width) - 10, overflow: 'truncate' },
      }),
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: tooltip(model, colour, unit, shown) },
      series: [...bars, ends],
    };
  };
}
