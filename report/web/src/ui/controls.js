/** Choices: radios that look like a row of buttons, and a list for many. */

import { freshId, h } from './dom.js';

/**
 * One of a few.
 * @param {string} label
 * @param {Array<[string, string]>} options value and text
 * @param {string} chosen
 * @param {function(string)} change
 * @returns {HTMLElement} a fieldset of radios
 */
export function radios(label, options, chosen, change) {
  const name = freshId('choice');
  const one = ([value, text]) => {
    const id = freshId('option');
    const input = h('input', { type: 'radio', name, id, value, checked: value === chosen, onchange: () => change(value) });
    return [input, h('label', { for: id }, text)];
  };
  return h('fieldset', { class: 'segmented' }, h('legend', null, label), h('div', null, options.map(one)));
}

/**
 * One of many.
 * @param {string} label
 * @param {Array<[string, string]>} options
 * @param {string} chosen
 * @param {function(string)} change
 */
export function list(label, options, chosen, change) {
  const id = freshId('list');
  const select = h('select', { id, onchange: () => change(select.value) },
    options.map(([value, text]) => h('option', { value, selected: value === chosen }, text)));
  return h('div', { class: 'list' }, h('label', { for: id }, label), select);
}

/** The choices of a chart side by side. */
export const toolbar = (...parts) => h('div', { class: 'toolbar' }, parts);
