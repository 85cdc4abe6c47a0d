/** Small multiples of boxes: a panel a parameter, a box a value; all panels have one scale. */

import { figure } from '../../model/format.js';
import { axis } from '../../charts/frame.js';
import { tick, tip } from '../../charts/parts.js';
import { logTicks, spanOf } from '../model/scale.js';

const PANEL = 236;
const columnsIn = (width) => (width < 520 ? 1 : width < 860 ? 2 : 3);

/** Height for so many panels at a width. */
export const boxesHeight = (n, width) => Math.ceil(n / columnsIn(width)) * PANEL;

function placeOf(i, width) {
  const columns = columnsIn(width);
  const room = width / columns;
  return { left: (i % columns) * room + 58, width: room - 74, top: Math.floor(i / columns) * PANEL + 36, height: PANEL - 84 };
}

/** Ends of an axis a little beyond a span; none where it has no width. */
const roomAround = (span) => (span && span[0] < span[1] ? { min: span[0] - 0.05 * (span[1] - span[0]), max: span[1] + 0.05 * (span[1] - span[0]) } : {});

const boxTip = (panel, measure, five, text) => tip(`${panel.name}: ${text}`, [['most', five.high], ['third quartile', five.q3], ['median', five.median], ['first quartile', five.q1], ['least', five.low]].map(([n, v]) => [null, n, `${figure(v)} ${measure.unit}`]), `${five.n} designs`);

/**
 * @param {{measure: object, log: boolean, panels: Array<{name: string, groups: Array<{text: string, five: ?object}>}>}} model
 */
export function boxesOption(model) {
  const span = spanOf(model.panels.flatMap((p) => p.groups.flatMap((g) => (g.five ? [g.five.low, g.five.high] : []))));
  const ticks = model.log && span ? logTicks(span) : null;
  return (ink, width) => {
    const scale = ticks ? { type: 'log', min: ticks[0], max: ticks.at(-1), axisLabel: { customValues: ticks, formatter: tick, hideOverlap: true }, splitLine: { customValues: ticks, lineStyle: { color: ink.line, opacity: 0.7 } } }
      : { type: 'value', scale: true, ...roomAround(span), axisLabel: { formatter: tick, hideOverlap: true, showMinLabel: false, showMaxLabel: false }, splitLine: { showMinLine: false, showMaxLine: false, lineStyle: { color: ink.line, opacity: 0.7 } } };
    return {
      grid: model.panels.map((_, i) => placeOf(i, width)),
      xAxis: model.panels.map((p, i) => axis(ink, { gridIndex: i, type: 'category', data: p.groups.map((g) => g.text), name: p.name, nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: ink.ink, fontSize: 12.5, fontWeight: 600, width: placeOf(i, width).width + 30, overflow: 'truncate' }, axisLabel: { interval: 0, fontSize: 11, width: placeOf(i, width).width / p.groups.length - 2, overflow: 'truncate', ellipsis: '…' }, axisTick: { show: false }, splitLine: { show: false } })),
      yAxis: model.panels.map((_, i) => axis(ink, { gridIndex: i, ...scale })),
      tooltip: { trigger: 'item', formatter: ({ seriesIndex, dataIndex }) => { const p = model.panels[seriesIndex]; const g = p.groups[dataIndex]; return g.five ? boxTip(p, model.measure, g.five, g.text) : ''; } },
      series: model.panels.map((p, i) => ({
        type: 'boxplot', xAxisIndex: i, yAxisIndex: i, boxWidth: [6, 30], itemStyle: { color: ink.dark ? '#1d506f' : '#cfe3f0', borderColor: ink.dark ? '#8cc6e8' : '#0b4f7d', borderWidth: 1.5 },
        data: p.groups.map((g) => (g.five ? [g.five.low, g.five.q1, g.five.median, g.five.q3, g.five.high] : ['-', '-', '-', '-', '-'])),
      })),
    };
  };
}
