/** Tables that sort by their headers and can be copied. */

import { figure, isNumber } from '../model/format.js';
import { copyText, h } from './dom.js';

/**
 * @typedef {{title: string, unit?: string, number?: boolean, text?: function(*): string}} Column
 * @typedef {{value: *, text?: string, note?: string, mark?: string, tone?: string, href?: string, label?: string}} Cell a cell may also be its bare value; `label` is what a screen reader says of a link
 * @typedef {{caption: string, columns: Column[], rows: Array<Array<Cell|*>>, total?: Array<Cell|*>, id?: string}} TableModel
 */

const byName = new Intl.Collator('en', { numeric: true });
const isCell = (c) => c !== null && typeof c === 'object';
const valueOf = (c) => (isCell(c) ? c.value : c);

function textOf(cell, column) {
  if (isCell(cell) && cell.text !== undefined) return cell.text;
  const value = valueOf(cell);
  if (value === '') return '';
  if (value === null || value === undefined) return '–';
  if (column.text) return column.text(value);
  return isNumber(value) ? figure(value) : String(value);
}

/** Wide enough for what a text column holds: nothing, `some`, or `long` for sentences. */
function widthOf(model, i) {
  if (model.columns[i].number) return '';
  const longest = Math.max(0, ...model.rows.map((row) => Math.max(String(valueOf(row[i]) ?? '').length, (row[i]?.note ?? '').length)));
  return longest > 44 ? 'long' : longest > 18 ? 'some' : '';
}

function drawCell(cell, column, first, width) {
  const value = valueOf(cell);
  const full = isNumber(value) ? String(value) : null;
  const said = textOf(cell, column);
  const parts = [isCell(cell) && cell.href ? h('a', { href: cell.href, 'aria-label': cell.label ?? null }, said) : said];
  if (isCell(cell) && cell.mark) parts.push(h('span', { class: 'mark' }, cell.mark));
  if (isCell(cell) && cell.note) parts.push(h('span', { class: 'cell-note' }, cell.note));
  return h(first ? 'th' : 'td', {
    scope: first ? 'row' : null, class: [column.number ? 'number' : '', width, isCell(cell) ? cell.tone ?? '' : ''].filter(Boolean).join(' ') || null, title: full,
  }, parts);
}

const heading = (c) => (c.unit ? `${c.title} (${c.unit})` : c.title);

/** The table as tab-separated lines with every digit, as it is sorted now. */
export function asTsv(model, rows = model.rows) {
  const clean = (v) => (v === null || v === undefined ? '' : String(v).replace(/[\t\r\n]+/g, ' '));
  const lines = [model.columns.map(heading), ...rows, ...(model.total ? [model.total] : [])];
  return lines.map((line) => line.map((c) => clean(valueOf(c))).join('\t')).join('\n') + '\n';
}

/** Rows in the order of a column; what has no value comes last either way. */
export function sortRows(rows, column, direction) {
  const sign = direction === 'descending' ? -1 : 1;
  const missing = (v) => v === null || v === undefined || v === '';
  return rows.map((row, i) => ({ row, i, v: valueOf(row[column]) })).sort((a, b) => {
    if (missing(a.v) || missing(b.v)) return missing(a.v) - missing(b.v) || a.i - b.i;
    const order = isNumber(a.v) && isNumber(b.v) ? a.v - b.v : byName.compare(String(a.v), String(b.v));
    return sign * order || a.i - b.i;
  }).map((x) => x.row);
}

function copyButton(model, current) {
  const button = h('button', { type: 'button', class: 'copy' }, 'Copy');
  button.setAttribute('aria-label', `Copy the table ${model.caption}`);
  button.addEventListener('click', async () => {
    try {
      await copyText(asTsv(model, current()));
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Not allowed';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  });
  return button;
}

/**
 * @param {TableModel} model
 * @returns {HTMLElement}
 */
export function table(model) {
  let rows = model.rows;
  const widths = model.columns.map((_, i) => widthOf(model, i));
  const body = h('tbody', null);
  const fill = () => body.replaceChildren(...rows.map((row) => h('tr', null, row.map((c, i) => drawCell(c, model.columns[i], i === 0, widths[i])))));
  const headers = model.columns.map((column, i) => {
    const sort = h('button', { type: 'button', class: 'sort' }, column.title, column.unit ? h('span', { class: 'unit' }, ` (${column.unit})`) : null);
    const header = h('th', { scope: 'col', class: column.number ? 'number' : null, 'aria-sort': 'none' }, sort);
    sort.addEventListener('click', () => {
      const first = column.number ? 'descending' : 'ascending';
      const now = header.getAttribute('aria-sort');
      const next = now === 'none' ? first : now === first ? (first === 'ascending' ? 'descending' : 'ascending') : 'none';
      for (const other of headers) other.setAttribute('aria-sort', 'none');
      header.setAttribute('aria-sort', next);
      rows = next === 'none' ? model.rows : sortRows(model.rows, i, next);
      fill();
    });
    return header;
  });
  fill();
  const foot = model.total ? h('tfoot', null, h('tr', null, model.total.map((c, i) => drawCell(c, model.columns[i], i === 0, '')))) : null;
  return h('figure', { class: 'table', id: model.id ?? null, 'data-caption': model.caption },
    h('figcaption', null, h('span', null, model.caption), copyButton(model, () => rows)),
    h('div', { class: model.rows.length > 32 ? 'scroll tall' : 'scroll', tabindex: '0', role: 'region', 'aria-label': `${model.caption}, scrolls sideways` },
      h('table', { 'aria-label': model.caption }, h('thead', null, h('tr', null, headers)), body, foot)));
}
