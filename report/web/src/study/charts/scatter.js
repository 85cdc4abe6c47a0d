/** Two measures of all designs against each other. */

import { figure } from '../../model/format.js';
import { axis } from '../../charts/frame.js';
import { tick, tip } from '../../charts/parts.js';
import { withUnitOf } from '../model/document.js';
import { kindOf } from '../model/words.js';
import { CROSS, DIAMOND, logTicks, spanOf } from '../model/scale.js';

const SIZE = 9;
const FRONT_SIZE = 14;
const CROSS_SIZE = 11;
const DIM = 0.13;

/** An axis of a measure: linear and not from zero, or logarithmic with ticks at 1, 2 and 5. */
function measureAxis(ink, measure, values, log, { wide, ...more }) {
  const span = spanOf(values);
  const better = measure.goal === 'higher' ? 'better →' : '← better';
  const base = { name: wide ? `${withUnitOf(measure)}   ${better}` : withUnitOf(measure), nameLocation: 'middle', ...more };
  if (!log || !span) return axis(ink, { type: 'value', scale: true, ...base, axisLabel: { formatter: tick, hideOverlap: true, ...more.axisLabel } });
  const ticks = logTicks(span);
  return axis(ink, {
    type: 'log', min: ticks[0], max: ticks.at(-1), ...base, axisTick: { customValues: ticks, lineStyle: { color: ink.line } },
    axisLabel: { formatter: tick, hideOverlap: true, customValues: ticks, ...more.axisLabel }, splitLine: { customValues: ticks, lineStyle: { color: ink.line, opacity: 0.7 } },
  });
}

/** The front lies above all others, what is not done above what is. */
const rank = (d) => (d.front ? 2 : d.done ? 0 : 1);

/** How a point is drawn. Outline: all but the fill says what the design is, so that colour is never alone. */
function symbolOf(point, look, ink, faint) {
  const { design } = point;
  const colour = look.colour(design, ink.dark) ?? ink.soft;
  const simulated = Boolean(design.simulated);
  const symbol = !design.done ? CROSS : design.front && !look.categories ? DIAMOND : look.shape(design);
  const outline = design.front && simulated ? ink.ink : colour;
  return {
    symbol: `path://${symbol}`, symbolSize: design.front ? FRONT_SIZE : design.done ? SIZE : CROSS_SIZE,
    itemStyle: { color: simulated || !design.done ? colour : ink.paper, borderColor: outline, borderWidth: design.front ? (simulated ? 1.6 : 2.6) : simulated ? 0.6 : 1.5, opacity: faint ? DIM : 1 },
  };
}

function pointTip(model, point) {
  const { design } = point;
  const origin = (s) => (s ? 'simulated' : 'closed form');
  const row = (i, f) => [null, model.measures[i].label, `${figure(f)} ${model.measures[i].unit}`, origin(point.simulated)];
  return tip(`Design ${design.number}`, [row(model.x, point.x), row(model.y, point.y), ...model.parametersOf(design).map(([name, value]) => [null, name, value])], kindOf(design));
}

/** The ring around the selected design, over the plot. */
export function ringOver(point) {
  return (drawn, ink) => {
    const shown = point();
    if (!shown) return [];
    const [x, y] = drawn.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [shown.x, shown.y]);
    return [['circle', { cx: x, cy: y, r: 13, fill: 'none', stroke: ink.paper, 'stroke-width': 5 }], ['circle', { cx: x, cy: y, r: 13, fill: 'none', stroke: ink.ink, 'stroke-width': 2.4 }]];
  };
}

/**
 * @param {{measures: object[], x: number, y: number, logX: boolean, logY: boolean, points: object[], line: {whole: boolean, corners: number[][]}, look: object,
 *   faint: function(object): boolean, parametersOf: function(object): Array<[string, string]>}} model
 */
export function scatterOption(model) {
  return (ink, width) => {
    const drawn = [...model.points].sort((p, q) => rank(p.design) - rank(q.design));
    return {
      grid: { left: width < 500 ? 56 : 72, right: width < 500 ? 14 : 26, top: 18, bottom: 56 },
      xAxis: measureAxis(ink, model.measures[model.x], model.points.map((p) => p.x), model.logX, { wide: width >= 500, nameGap: 32 }),
      yAxis: measureAxis(ink, model.measures[model.y], model.points.map((p) => p.y), model.logY, { wide: true, nameGap: width < 500 ? 42 : 54 }),
      tooltip: { trigger: 'item', formatter: ({ data }) => (data?.point ? pointTip(model, data.point) : '') },
      series: [
        { id: 'line', type: 'line', silent: true, showSymbol: false, z: 1, data: model.line.corners, lineStyle: { color: ink.soft, width: 1.6, type: model.line.whole ? 'solid' : 'dashed' } },
        { id: 'points', type: 'scatter', z: 3, cursor: 'pointer', data: drawn.map((p) => ({ value: [p.x, p.y], point: p, ...symbolOf(p, model.look, ink, model.faint(p.design)) })) },
      ],
    };
  };
}
