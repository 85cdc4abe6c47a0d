/** The plot of two measures: points, their looks, and the line along the best. */

import { figure } from '../../model/format.js';
import { figureOf, valueOf, valueText, withUnitOf } from './document.js';
import { categoryColour, categoryShape, placeIn, sequential, spanOf, valueAt, wantsLog } from './scale.js';

const CIRCLE = categoryShape(0);

/** What points can be coloured by: `m2` a measure, `p0` a parameter, `` nothing. */
export function colourChoices(study) {
  return [['', 'nothing'], ...study.measures.map((m) => [`m${m.index}`, withUnitOf(m)]), ...study.parameters.filter((p) => !p.constant).map((p) => [`p${p.index}`, p.label])];
}

/** The third objective, or the first parameter that changes. */
export function defaultColour(study) {
  if (study.objectives.length > 2) return `m${study.objectives[2]}`;
  const first = study.parameters.find((p) => !p.constant);
  return first ? `p${first.index}` : '';
}

const STEPS = 5;

function measureLook(study, index, designs, { network, fidelity }) {
  const measure = study.measures[index];
  const of = (d) => valueOf(d, index, network, fidelity);
  const span = spanOf(designs.map(of));
  if (!span) return { title: withUnitOf(measure), colour: () => null, shape: () => CIRCLE, legend: () => [] };
  const log = wantsLog(span);
  const steps = span[0] === span[1] ? [0.5] : [...Array(STEPS).keys()].map((i) => i / (STEPS - 1));
  return {
    title: withUnitOf(measure), shape: () => CIRCLE,
    colour: (d, dark) => (of(d) === null ? null : sequential(placeIn(span, of(d), log), dark)),
    legend: (dark) => steps.map((s) => ({ colour: sequential(s, dark), text: figure(valueAt(span, s, log), 3) })),
  };
}

/** Values of a parameter by their rank; of one with many values, some of them in the legend. */
function rankLook(parameter) {
  const last = Math.max(1, parameter.values.length - 1);
  const rank = new Map(parameter.values.map((v, i) => [v.text, i]));
  const every = Math.ceil(parameter.values.length / 8);
  return {
    title: parameter.label, shape: () => CIRCLE, colour: (d, dark) => sequential(rank.get(d.values[parameter.index]) / last, dark),
    legend: (dark) => parameter.values.flatMap((v, i) => (i % every && i !== last ? [] : [{ colour: sequential(i / last, dark), text: valueText(parameter, v.text) }])),
  };
}

function categoryLook(parameter) {
  const rank = new Map(parameter.values.map((v, i) => [v.text, i]));
  return {
    title: parameter.label, colour: (d) => categoryColour(rank.get(d.values[parameter.index])), shape: (d) => categoryShape(rank.get(d.values[parameter.index])), categories: true,
    legend: () => parameter.values.map((v, i) => ({ colour: categoryColour(i), shape: categoryShape(i), text: v.text })),
  };
}

/**
 * How designs look.
 * @returns {{title: string, colour: function(object, boolean): ?string, shape: function(object): string, legend: function(boolean): Array<{colour: string, text: string, shape?: string}>, categories?: boolean}}
 */
export function lookOf(study, by, designs, choice) {
  if (by.startsWith('m')) return measureLook(study, Number(by.slice(1)), designs, choice);
  const parameter = by.startsWith('p') ? study.parameters[Number(by.slice(1))] : null;
  if (parameter) return parameter.numeric ? rankLook(parameter) : categoryLook(parameter);
  return { title: '', colour: () => '#0072b2', shape: () => CIRCLE, legend: () => [] };
}

/** Points that have both figures, in the order of x, then of y, then of numbers. */
export function pointsOf(designs, { x, y, network, fidelity }) {
  const points = [];
  for (const design of designs) {
    const a = figureOf(design, x, network, fidelity), b = figureOf(design, y, network, fidelity);
    if (a && b) points.push({ design, x: a.value, y: b.value, simulated: a.simulated && b.simulated });
  }
  return points.sort((p, q) => p.x - q.x || p.y - q.y || p.design.number - q.design.number);
}

/** Points of which no other is better in both measures, in the order of x. Equal ones are all there. */
export function bestOf(points, goalX, goalY) {
  const sx = goalX === 'higher' ? -1 : 1, sy = goalY === 'higher' ? -1 : 1;
  const sorted = [...points].sort((p, q) => sx * (p.x - q.x) || sy * (p.y - q.y));
  const kept = [];
  let least = Infinity, at = null;
  for (const p of sorted) {
    if (sy * p.y < least || (p.x === at?.x && p.y === at?.y)) {
      kept.push(p);
      least = sy * p.y;
      at = p;
    }
  }
  return sx < 0 ? kept.reverse() : kept;
}

/** Corners of the stairs along such points: between two of them stands what both of them reach. */
export function stairs(points, goalX, goalY) {
  const worse = (goal, a, b) => (goal === 'higher' ? Math.min(a, b) : Math.max(a, b));
  return points.flatMap((p, i) => (i === 0 ? [[p.x, p.y]] : [[worse(goalX, points[i - 1].x, p.x), worse(goalY, points[i - 1].y, p.y)], [p.x, p.y]]));
}

/**
 * The line of the plot. Where the two measures are the only objectives, it goes along the study's front; else along the
 * shown points that are best in these two alone.
 * @returns {{whole: boolean, corners: number[][]}}
 */
export function lineOf(study, points, { x, y, network }) {
  const whole = study.objectives.length === 2 && network === 0 && study.objectives.includes(x) && study.objectives.includes(y);
  const goals = [study.measures[x].goal, study.measures[y].goal];
  const along = bestOf(whole ? points.filter((p) => p.design.front) : points.filter((p) => p.design.done), ...goals);
  return { whole, corners: x === y ? [] : stairs(along, ...goals) };
}
