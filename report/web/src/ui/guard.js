/** A section that can't be drawn says why in its place, and the rest of the page goes on. */

import { h } from './dom.js';
import { section } from './section.js';

/**
 * @param {string} id
 * @param {string} title of the section where not even its heading comes about
 * @returns {{make: function(function): ?object, attempt: function(function): *}} `make` builds the section; `attempt`
 *   does one thing to it later. After a failure all of the section but its heading and its choices is hidden, until
 *   something succeeds; a section that was not built stays so
 */
export function guardOf(id, title) {
  const said = h('p', { class: 'remark undrawn', role: 'alert', hidden: true });
  let element = null;
  let lost = false;  // nothing came about that could be drawn later

  const show = (reason) => {
    said.textContent = reason === null ? '' : `could not be drawn: ${reason}`;
    said.hidden = reason === null;
    element?.classList.toggle('failing', reason !== null);
  };

  const attempt = (action) => {
    try {
      if (!lost) show(null);  // before the action: a chart takes its width from what is shown
      return action();
    } catch (error) {
      show(error?.message ?? String(error));
      return undefined;
    }
  };

  const make = (build) => {
    const made = attempt(build);
    if (made === null) return null;  // the section has nothing to say
    lost = made === undefined;
    element = made?.element ?? section(id, title, null);
    element.querySelector('h2').after(said);
    element.classList.toggle('failing', !said.hidden);
    return { element, start: made?.start ? () => attempt(made.start) : null };
  };

  return { make, attempt };
}
