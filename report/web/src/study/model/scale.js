/** Axes and colours for numbers that may span decades. */

import { isNumber } from '../../model/format.js';

/** [least, most] of the numbers; null without any. */
export function spanOf(values) {
  let span = null;
  for (const v of values) if (isNumber(v)) span = span ? [Math.min(span[0], v), Math.max(span[1], v)] : [v, v];
  return span;
}

/** True where all numbers are positive, so that their logarithms are. */
export const canLog = (span) => span !== null && span[0] > 0;

/** A logarithmic axis reads better where numbers span more than a factor of ten. */
export const wantsLog = (span) => canLog(span) && span[1] / span[0] > 10;

const STEPS = [1, 2, 5];

/** 1, 2 and 5 times powers of ten around a span, of which the first and the last lie outside; thinned to powers of ten where there are many. */
export function logTicks([low, high]) {
  const all = [];
  for (let e = Math.floor(Math.log10(low)) - 1; e <= Math.ceil(Math.log10(high)) + 1; ++e) for (const s of STEPS) all.push(Number(`${s}e${e}`));
  const first = Math.max(0, all.findLastIndex((t) => t < low));
  const last = all.findIndex((t) => t > high);
  const ticks = all.slice(first, last + 1);
  return ticks.length > 9 ? ticks.filter((t, i) => i === 0 || i === ticks.length - 1 || /^1(e|$)/.test(t.toExponential().replace('.0', ''))) : ticks;
}

/** Where a value stands in a span, 0 to 1. */
export function placeIn([low, high], value, log) {
  if (high === low) return 0.5;
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The value at a place of a span, 0 to 1. */
export const valueAt = ([low, high], place, log) => (log ? low * (high / low) ** place : low + (high - low) * place);

/** Viridis, nine steps (van der Walt and Smith; matplotlib, CC0): told apart in greyscale and by the colour-blind. */
const VIRIDIS = [[68, 1, 84], [71, 44, 122], [59, 81, 139], [44, 113, 142], [33, 144, 141], [39, 173, 129], [92, 200, 99], [170, 220, 50], [253, 231, 37]];

/** A colour of the sequential scale; its ends that vanish against the page are left out. */
export function sequential(place, dark) {
  const at = (dark ? 0.22 + 0.78 * place : 0.86 * place) * (VIRIDIS.length - 1);
  const i = Math.min(VIRIDIS.length - 2, Math.max(0, Math.floor(at)));
  return `rgb(${VIRIDIS[i].map((c, k) => Math.round(c + (VIRIDIS[i + 1][k] - c) * (at - i))).join(',')})`;
}

/** Colours and shapes of categories, together so that colour is never alone. */
const CATEGORIES = ['#0072b2', '#d55e00', '#009e73', '#a4509b', '#b87400', '#56a8d8', '#7d8791'];
/** Outlines in a square of ten; the diamond is the front's. */
const SHAPES = ['M5,0A5,5 0 1 1 4.99,0Z', 'M0.6,0.6H9.4V9.4H0.6Z', 'M5,0L10,9.4H0Z', 'M0,0.6H10L5,10Z', 'M3.3,0H6.7V3.3H10V6.7H6.7V10H3.3V6.7H0V3.3H3.3Z', 'M5,0L10,3.8L8.1,9.8H1.9L0,3.8Z'];
export const DIAMOND = 'M5,0L10,5L5,10L0,5Z';
export const CROSS = 'M0,2L2,0L5,3L8,0L10,2L7,5L10,8L8,10L5,7L2,10L0,8L3,5Z';
export const categoryColour = (i) => CATEGORIES[i % CATEGORIES.length];
export const categoryShape = (i) => SHAPES[i % SHAPES.length];
