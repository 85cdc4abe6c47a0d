/** Pieces that several charts share. */

import { figure } from '../model/format.js';
import { escaped } from '../ui/dom.js';

/** A tooltip's table: a heading, then lines of [colour or null, name, value, a second value or nothing]. */
export function tip(title, lines, foot = '') {
  const row = ([colour, name, value, more = '']) => `<tr><td>${colour ? `<span style="display:inline-block;width:10px;height:10px;border-radius:2px;background:${colour}"></span>` : ''}</td>` +
    `<td style="padding:0 14px 0 6px">${escaped(name)}</td><td style="text-align:right;font-variant-numeric:tabular-nums">${escaped(value)}</td><td style="text-align:right;padding-left:12px;font-variant-numeric:tabular-nums">${escaped(more)}</td></tr>`;
  return `<b>${escaped(title)}</b><table style="border-spacing:0;margin-top:4px">${lines.map(row).join('')}</table>${foot ? `<div style="margin-top:4px">${escaped(foot)}</div>` : ''}`;
}

/** Labels of a value axis: powers of ten stay short. */
export const tick = (v) => (v !== 0 && (Math.abs(v) >= 1e6 || Math.abs(v) < 1e-3) ? v.toExponential(0).replace('e+', 'e') : figure(v, 6));

/** Room for the names at the left of bars, within a third of the width. */
export const nameRoom = (names, width) => Math.round(Math.min(Math.max(...names.map((n) => n.length), 4) * 7 + 14, width / 3));

/** The decade at or under (`down`) or at or over a value. */
export const decade = (v, down) => 10 ** (down ? Math.floor(Math.log10(v)) : Math.ceil(Math.log10(v)));
