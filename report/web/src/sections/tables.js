/** Tables of charts that several sections have. */

import { figure, percent } from '../model/format.js';

/** A number column. */
export const number = (title, unit, text) => ({ title, unit, number: true, text });

/** A text column. */
export const text = (title) => ({ title });

/** A share column: 0 to 1, shown in percent. */
export const share = (title) => ({ title, number: true, text: percent });

/** Stacked bars as a table: a row a bar, a column a part, the sum at the end; below, the sums of the columns. */
export function stackTable(model, { caption, first, unit, sum = true, foot = false, extra = [] }) {
  const total = (values) => values.reduce((a, b) => a + b, 0);
  const rows = model.rows.map((row, i) => [row.name, ...row.values, ...(sum ? [total(row.values)] : []), ...extra.map((e) => e.values[i])]);
  const columns = [text(first), ...model.names.map((n) => number(n, unit)), ...(sum ? [number('sum', unit)] : []), ...extra.map((e) => number(e.title, unit))];
  const sums = columns.slice(1, columns.length - extra.length).map((_, i) => total(rows.map((r) => r[i + 1])));
  return { caption, columns, rows, total: foot ? ['all', ...sums, ...extra.map(() => null)] : undefined };
}

/** Legend entries for the names of a model. */
export const legendOf = (names, colour) => names.map((name) => ({ name, colour: colour(name) }));

/** A figure and its unit as one string. */
export const withPlain = (v, unit) => `${figure(v)} ${unit}`;
