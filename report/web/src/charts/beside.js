/** Rate against power, both logarithmic, with lines of equal efficiency. */

import { figure } from '../model/format.js';
import { axis } from './frame.js';
import { decade, tick, tip } from './parts.js';

/** Lines of equal TOP/W through the plot: y = 1000 e x, cut to it. */
export function diagonals({ left, right, low, high }) {
  const lines = [];
  for (let e = decade(low / 1e3 / right, true); e <= high / 1e3 / left; e *= 10) {
    const ends = [Math.max(left, low / 1e3 / e), Math.min(right, high / 1e3 / e)];
    if (ends[1] > ends[0] * 1.05) lines.push({ efficiency: Number(e.toPrecision(1)), points: ends.map((x) => [x, x * 1e3 * e]), top: ends[1] < right });
  }
  return lines;
}

function spanOf({ span }) {
  return { left: decade(span.watts[0] / 1.5, true), right: decade(span.watts[1] * 1.5, false), low: decade(span.gops[0] / 1.5, true), high: decade(span.gops[1] * 1.5, false) };
}

const diagonalSeries = (ink) => (line) => ({
  type: 'line', data: line.points, showSymbol: false, silent: true, lineStyle: { color: ink.soft, width: 0.8, type: 'dashed', opacity: 0.6 },
  endLabel: { show: true, formatter: `${tick(line.efficiency)} TOP/W`, color: ink.soft, fontSize: 11, ...(line.top ? { align: 'center', verticalAlign: 'bottom', offset: [0, -3] } : { align: 'left', verticalAlign: 'middle', offset: [2, 0] }) },
});

function ourTip(p) {
  const range = p.interval ? [[null, 'between', `${figure(p.interval[0])} and ${figure(p.interval[1])} TOP/W`]] : [];
  return tip(p.name, [[null, 'rate', `${figure(p.gops)} GOP/s`], [null, 'power', `${figure(p.watts)} W`], [null, 'efficiency', `${figure(p.efficiency)} TOP/W`], ...range], p.origin);
}

function otherTip(b) {
  const m = b.measured ?? {};
  const lines = [[null, 'rate', `${figure(b.gops)} GOP/s`], [null, 'power', `${figure(b.watts)} W`], [null, 'efficiency', `${figure(b.gops_per_w / 1e3)} TOP/W`], [null, 'compared', b.comparison]];
  for (const [name, value] of [['on', m.network], ['precision', m.precision], ['conditions', m.conditions], ['power of', b.power_of], ['confidence', m.energy_confidence ?? m.confidence]]) if (value) lines.push([null, name, value]);
  const n = b.normalised;
  if (n) lines.push([null, 'normalised to', `${figure(n.node_nm)} nm, ${figure(n.voltage_v)} V`], [null, 'energy ratio then', figure(n.energy_ratio)]);
  return tip(b.title ?? b.name, lines, [b.label, m.source].filter(Boolean).join('; '));
}

/**
 * @param {ReturnType<import('../model/beside.js').besideModel>} model
 * @param {function(number): string} colour of a run
 * @param {string[]} labels of the runs
 */
export function besideOption(model, colour, labels) {
  const span = spanOf(model);
  return (ink, width) => {
    const label = { show: width >= 560, position: 'right', color: ink.ink, fontSize: 12, formatter: ({ data }) => data.name };
    const others = (how) => model.others.filter((b) => (b.comparison === 'measured') === how).map((b) => ({ value: [b.watts, b.gops], name: b.name, html: otherTip(b) }));
    const ours = model.ours.map((p) => ({
      value: [p.watts, p.gops], name: labels.length > 1 ? p.name : p.basis, html: ourTip(p), label: { position: p.basis === 'chip only' ? 'left' : 'right' }, symbol: 'diamond',
      itemStyle: { color: p.basis === 'chip only' ? ink.paper : colour(labels.indexOf(p.run)), borderColor: colour(labels.indexOf(p.run)), borderWidth: 2 },
    }));
    const scatter = (data, more) => ({ type: 'scatter', data, symbolSize: 12, label, labelLayout: { hideOverlap: true, moveOverlap: 'shiftY' }, ...more });
    return {
      grid: { left: 62, right: width < 500 ? 76 : 86, top: 24, bottom: 52 },
      xAxis: axis(ink, { type: 'log', min: span.left, max: span.right, name: 'power (W)', nameLocation: 'middle', nameGap: 30, axisLabel: { formatter: tick } }),
      yAxis: axis(ink, { type: 'log', min: span.low, max: span.high, name: 'GOP/s', nameLocation: 'middle', nameGap: 46, axisLabel: { formatter: tick } }),
      tooltip: { trigger: 'item', formatter: ({ data }) => data.html },
      series: [...diagonals(span).map(diagonalSeries(ink)),
        scatter(others(true), { symbol: 'rect', itemStyle: { color: ink.soft } }),
        scatter(others(false), { symbol: 'circle', itemStyle: { color: ink.paper, borderColor: ink.soft, borderWidth: 1.8 } }),
        scatter(ours, { symbolSize: 15, z: 5, label: { ...label, fontWeight: 600 } })],
    };
  };
}
