/** Elements in a line each. Text becomes text nodes, so nothing that comes from a file is ever read as HTML. */

/**
 * @param {string} tag
 * @param {?object} attributes `on…` are listeners, `true` an empty attribute, null and false none
 * @param {...(Node|string|number|null|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false).map((c) => (c instanceof Node ? c : String(c))));
  return element;
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for tooltips, which the chart library takes as HTML. */
export const escaped = (text) => String(text).replace(/[&<>"']/g, (c) => ENTITIES[c]);

let serial = 0;
/** An id that no other element has. */
export const freshId = (stem) => `${stem}-${++serial}`;

/** Puts text on the clipboard; where the page may not, by way of a selection. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h('textarea', { class: 'off-screen', 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (!done) throw new Error('the browser refuses access to the clipboard');
  }
}
