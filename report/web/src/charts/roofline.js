/** Layers under their roofs, both axes logarithmic. */

import { figure, percent } from '../model/format.js';
import { axis } from './frame.js';
import { decade, tick, tip } from './parts.js';

const SYMBOLS = ['circle', 'diamond', 'triangle', 'rect', 'pin', 'arrow'];

function spanOf(model) {
  const x = model.flatMap((r) => r.points.map((p) => p.intensity));
  const y = model.flatMap((r) => r.points.map((p) => p.gops));
  const ridges = model.map((r) => r.ridge).filter((r) => r !== null);
  const [left, right] = [decade(Math.min(...x, ...ridges), true), decade(Math.max(...x, ...ridges) * 1.2, false)];
  return { left, right, low: decade(Math.min(...y), true), high: decade(Math.max(...model.map((r) => r.peak.gops)) * 1.1, false) };
}

/** Corners of a roof between the edges of the plot. */
export function roofLine(run, { left, right, low }) {
  const { gops } = run.peak;
  if (run.bandwidth === null) return [[left, gops], [right, gops]];
  const start = Math.max(left, low / run.bandwidth);
  if (run.ridge <= start) return [[start, gops], [right, gops]];
  return [[start, run.bandwidth * start], [run.ridge, gops], [Math.max(right, run.ridge), gops]];
}

function seriesOf(run, index, colour, ink, span, names) {
  const roof = {
    type: 'line', name: run.label, data: roofLine(run, span), showSymbol: false, silent: true, lineStyle: { color: colour, width: 1.6 },
    endLabel: { show: true, formatter: `peak ${figure(run.peak.gops)} GOP/s`, color: ink.soft, fontSize: 12, align: 'right', offset: [0, -10] },
  };
  const points = {
    type: 'scatter', name: run.label, symbol: SYMBOLS[index % SYMBOLS.length], symbolSize: 11, itemStyle: { color: colour, opacity: 0.85 },
    data: run.points.map((p) => ({ value: [p.intensity, p.gops], name: p.name, point: p })),
    label: { show: names, formatter: (p) => p.name, position: 'right', color: ink.soft, fontSize: 11.5 }, labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' },
  };
  return [roof, points];
}

/**
 * @param {ReturnType<import('../model/roofline.js').rooflineModel>} model
 * @param {function(number): string} colour of a run
 */
export function rooflineOption(model, colour) {
  const span = spanOf(model);
  return (ink, width, hidden) => ({
    grid: { left: 62, right: width < 500 ? 16 : 52, top: 24, bottom: 52 },
    xAxis: axis(ink, { type: 'log', min: span.left, max: span.right, name: width < 600 ? 'operations per DRAM byte (op/B)' : 'operations per byte of DRAM traffic (op/B); one MAC is two', nameLocation: 'middle', nameGap: 32, axisLabel: { formatter: tick } }),
    yAxis: axis(ink, { type: 'log', min: span.low, max: span.high, name: 'GOP/s', nameLocation: 'middle', nameGap: 46, axisLabel: { formatter: tick } }),
    tooltip: {
      trigger: 'item', formatter: ({ seriesName, data }) => tip(`${data.name}, ${seriesName}`, [
        [null, 'rate', `${figure(data.point.gops)} GOP/s`], [null, 'intensity', `${figure(data.point.intensity)} op/B`],
        [null, `roof (${data.point.bound})`, `${figure(data.point.roof)} GOP/s`], [null, 'of its roof', percent(data.point.share)]]),
    },
    series: model.flatMap((run, i) => (hidden.has(run.label) ? [] : seriesOf(run, i, colour(i), ink, span, width >= 600 && run.points.length <= 24))),
  });
}
