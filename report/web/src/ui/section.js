/** A part of the page: a heading, a sentence or two, a body that is drawn anew when the run changes. */

import { h } from './dom.js';

/**
 * @param {string} id
 * @param {string} title
 * @param {?(string|Node|Array)} lead
 * @param {...Node} body
 */
export function section(id, title, lead, ...body) {
  return h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title),
    lead ? h('p', { class: 'lead' }, lead) : null, body);
}

/** A sentence about what is missing or left out. */
export const remark = (...text) => h('p', { class: 'remark' }, text);

/** A paragraph in the section's body. */
export const note = (...text) => h('p', { class: 'note' }, text);
