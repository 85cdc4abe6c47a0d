/** The closed form's error over what was simulated, a point a design and network. */

import { figure } from '../../model/format.js';
import { axis } from '../../charts/frame.js';
import { tick, tip } from '../../charts/parts.js';
import { withUnitOf } from '../model/document.js';
import { logTicks, spanOf, wantsLog } from '../model/scale.js';
import { errorText } from '../model/words.js';

/** Looks of designs on the front, of the random sample, and of others. */
export const LOOKS = [
  { id: 'other', text: 'simulated besides', colour: '#7d8791', symbol: 'rect', size: 7 },
  { id: 'sampled', text: 'random sample', colour: '#0072b2', symbol: 'circle', size: 8 },
  { id: 'front', text: 'front', colour: '#d55e00', symbol: 'diamond', size: 12 },
];

const groupOf = ({ front, sampled }) => (front ? 'front' : sampled ? 'sampled' : 'other');

function errorTip(measure, p) {
  return tip(`Design ${p.design.number}, ${p.network}`, [[null, 'closed form', `${figure(p.closed)} ${measure.unit}`], [null, 'simulated', `${figure(p.simulated)} ${measure.unit}`], [null, 'error', errorText(p.error)]], [p.design.front ? 'on the front' : null, p.design.sampled ? 'in the random sample' : null].filter(Boolean).join(', '));
}

/** @param {{measure: object, points: object[]}} model */
export function errorsOption({ measure, points }) {
  const span = spanOf(points.map((p) => p.simulated));
  const ticks = wantsLog(span) ? logTicks(span) : null;
  return (ink, width) => ({
    grid: { left: 66, right: 24, top: 18, bottom: 54 },
    xAxis: axis(ink, { ...(ticks ? { type: 'log', min: ticks[0], max: ticks.at(-1) } : { type: 'value', scale: true }), name: `simulated ${withUnitOf(measure)}`, nameLocation: 'middle', nameGap: 32, axisLabel: { formatter: tick, hideOverlap: true, ...(ticks ? { customValues: ticks } : {}) }, splitLine: { show: false } }),
    yAxis: axis(ink, { type: 'value', name: width < 500 ? 'error (%)' : 'closed form / simulated − 1 (%)', nameLocation: 'middle', nameGap: 48, axisLabel: { formatter: tick } }),
    tooltip: { trigger: 'item', formatter: ({ data }) => (data?.point ? errorTip(measure, data.point) : '') },
    series: LOOKS.map((look, i) => ({
      type: 'scatter', name: look.text, symbol: look.symbol, symbolSize: look.size, z: 2 + i, itemStyle: { color: look.colour, opacity: 0.85, borderColor: ink.paper, borderWidth: 0.6 }, cursor: 'pointer',
      data: points.filter((p) => groupOf(p.design) === look.id).map((p) => ({ value: [p.simulated, 100 * p.error], point: p })),
      markLine: i ? undefined : { silent: true, symbol: 'none', lineStyle: { color: ink.soft, width: 1.4, type: 'solid' }, label: { show: false }, data: [{ yAxis: 0 }] },
    })),
  });
}
