/**
 * Reports of a study's designs, one at a time. The page's address names the design (`#12`, and `#12/energy` a section of
 * its report); the runs stand beside the page in a script, 12.js, as pages that were opened as files may read nothing else.
 */

import { designAddress, unpacked } from './model/designs.js';
import { parseDocument } from './model/runs.js';
import { h } from './ui/dom.js';
import { showFailure, showReport } from './report.js';

const STUDY = '../study.html';
let shown = null;  // the design whose report is in the page, or is on its way
const back = (number = null) => h('p', { class: 'back screen' }, h('a', { href: number ? `${STUDY}#design-${number}` : STUDY }, '← All designs of the study'));

/** What the script of a design hands in, packed. */
function load(number) {
  return new Promise((resolve, reject) => {
    const script = h('script', { src: `${number}.js` });
    const end = (settle, value) => { script.remove(); settle(value); };
    window.eyrieDesign = (packed) => { if (document.currentScript === script) end(resolve, packed); };
    script.onload = () => end(reject, new Error(`${number}.js stands beside this page but holds no report.`));
    script.onerror = () => end(reject, new Error(`There is no ${number}.js beside this page, so no report of design ${number}. Designs that were not run have none.`));
    document.head.append(script);
  });
}

/** What the browser does for an address of an element. */
function goTo(section) {
  if (!section) return window.scrollTo(0, 0);
  const target = document.getElementById(section);
  if (!target) return undefined;
  target.setAttribute('tabindex', '-1');
  target.focus({ preventScroll: true });
  return target.scrollIntoView();
}

async function show(number) {
  document.title = `Design ${number} - Eyrie`;
  document.body.replaceChildren(h('main', { class: 'failed' }, back(number), h('p', { role: 'status' }, `Design ${number} …`)));
  let found;
  try {
    found = parseDocument(await unpacked(await load(number)));
  } catch (error) {
    found = { doc: null, error: error.message };
  }
  if (shown !== number) return;  // another one was asked for meanwhile
  if (found.error) showFailure(found.error, back(number));
  else showReport(found.doc, { stem: `#${number}/`, above: back(number) });
}

async function go() {
  const { number, section } = designAddress(location.hash);
  if (number === null) {
    shown = null;
    showFailure('This page shows the report of one design, whose number stands at the end of its address: report.html#12. The page of the study has links to all of them.', back());
    return;
  }
  if (number !== shown) {
    shown = number;
    await show(number);
    if (shown !== number) return;
  }
  goTo(section);
}

/** Shows the design that the address names, and another one when the address changes. */
export function showDesigns() {
  window.addEventListener('hashchange', go);
  document.addEventListener('click', ({ target }) => { if (target.closest?.('a')?.getAttribute('href') === location.hash) go(); });  // there already: no change of the address
  go();
}
