/** What is in sight is drawn at once, the rest a moment later, piece by piece, so that the page answers at once. */

const MARGIN = '300px 0px';

/**
 * @param {function(boolean)} busy told when something waits, and when nothing does any more
 * @returns {{watch: function(Element), soon: function(Element, function), flush: function()}} `soon` does an action now, or later if
 *   the element is out of sight; an action that waits already is not put in twice
 */
export function scheduler(busy) {
  const near = new Set();
  const waiting = new Map();  // by action, in the order of asking
  let asked = false;
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (isIntersecting) near.add(target);
      else near.delete(target);
    }
    for (const [action, element] of waiting) if (near.has(element)) run(action);
    if (!waiting.size) busy(false);
  }, { rootMargin: MARGIN });

  const run = (action) => { waiting.delete(action); action(); };
  const next = () => {
    asked = false;
    const [action] = waiting.keys();
    if (action) run(action);
    ask();
  };
  const ask = () => {
    if (!waiting.size) busy(false);
    else if (!asked) { asked = true; setTimeout(next); }
  };
  const soon = (element, action) => {
    if (near.has(element)) {
      waiting.delete(action);
      return action();
    }
    waiting.delete(action);
    waiting.set(action, element);
    busy(true);
    return ask();
  };
  const flush = () => { for (const action of [...waiting.keys()]) run(action); busy(false); };
  window.addEventListener('beforeprint', flush);
  return { watch: (element) => observer.observe(element), soon, flush };
}
