/** The pages that the tests open. Each is written once and loaded once, and again only after a test changed what it shows. */

import { closeBrowser, open } from '../support/browser.mjs';
import { bare, documentOf, reportPage, writePage } from '../support/data.mjs';

/** What `eyrie report` puts on a page. */
const REPORTS = { alexnet: ['alexnet'], resnet50: ['resnet50'], edge: ['kws_edge', 'offload', 'big_little'], tiny: ['tiny'] };

/** Results that are not as the program wrote them. */
const MADE = { bare: () => { const doc = documentOf(['alexnet']); doc.runs[0].result = bare(doc.runs[0].result); return doc; } };

const VIEW = { viewport: { width: 1240, height: 900 }, colorScheme: 'light', media: 'screen' };
const written = new Map();
const opened = new Map();

/** @returns {{file: string, doc: object}} */
export function pageOf(name) {
  if (!written.has(name)) {
    const doc = REPORTS[name] ? documentOf(REPORTS[name]) : MADE[name]();
    written.set(name, { doc, file: REPORTS[name] ? reportPage(name, REPORTS[name]) : writePage(name, doc) });
  }
  return written.get(name);
}

async function taken(name, view, changes) {
  const { file, doc } = pageOf(name);
  const known = opened.has(name);
  if (!known) opened.set(name, { ...await open(file, { permissions: ['clipboard-read', 'clipboard-write'] }), changed: false });
  const one = opened.get(name);
  const other = JSON.stringify(view) !== JSON.stringify(one.view ?? VIEW);
  if (other) {
    await one.page.setViewportSize(view.viewport);
    await one.page.emulateMedia({ colorScheme: view.colorScheme, media: view.media });
  }
  if (known && (one.changed || other)) await one.page.reload({ waitUntil: 'load' });
  Object.assign(one, { view, changed: changes });
  return { page: one.page, wrongs: one.wrongs, doc, file };
}

/** A page to read, as it is when it was loaded. */
export const look = (name) => taken(name, VIEW, false);

/** A page that the test changes; `view` may say viewport and colorScheme. */
export const use = (name, view = {}) => taken(name, { ...VIEW, ...view }, true);

/** What the pages did that they should not have done. */
export const allWrongs = () => [...opened].flatMap(([name, { wrongs }]) => wrongs.map((w) => `${name}: ${w}`));

/** Ends all pages, and the browser. */
export const closeAll = closeBrowser;
