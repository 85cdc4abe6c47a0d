/** What marks and colours of the plot mean. */

import { h } from '../../ui/dom.js';
import { isDark } from '../../ui/theme.js';
import { CROSS, DIAMOND, categoryShape } from '../model/scale.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An outline as the plot draws it. */
function mark(path, { colour = 'currentColor', hollow = false } = {}) {
  const shape = document.createElementNS(SVG, 'path');
  for (const [name, value] of Object.entries({ d: path, fill: hollow ? 'none' : colour, stroke: colour, 'stroke-width': hollow ? 1.6 : 0 })) shape.setAttribute(name, value);
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({ viewBox: '-1 -1 12 12', width: 12, height: 12, 'aria-hidden': 'true' })) svg.setAttribute(name, value);
  svg.append(shape);
  return svg;
}

const entry = (sign, text) => h('span', null, sign, text);
const swatch = (colour) => h('span', { class: 'swatch', style: `background:${colour}`, 'aria-hidden': 'true' });

/** @param {object} look of the points; `seen` says which marks there are */
export function colourKey(look, seen) {
  const circle = categoryShape(0);
  const marks = [
    look.categories ? h('span', null, 'large, outlined: on the Pareto front') : entry(mark(DIAMOND), 'on the Pareto front'),
    seen.simulated ? entry(mark(circle), 'simulated') : null, seen.closed ? entry(mark(circle, { hollow: true }), 'closed form alone') : null, seen.done ? null : entry(mark(CROSS), 'not done'),
  ];
  const entries = look.legend(isDark()).map((e) => entry(e.shape ? mark(e.shape, e) : swatch(e.colour), e.text));
  return h('div', { class: 'key' }, h('div', { class: 'legend' }, marks.filter(Boolean)), entries.length ? h('div', { class: 'legend' }, h('span', { class: 'of' }, `Colour: ${look.title}`), entries) : null);
}
