/**
 * Pictures of pages for the documentation. Light, dark, and a phone's.
 *   node screenshots.mjs report RUN.html SEVERAL.html FOLDER
 *   node screenshots.mjs study STUDY.html FOLDER
 */

import { statSync } from 'node:fs';
import path from 'node:path';
import { closeBrowser, open } from './support/browser.mjs';

const LARGEST = 300_000;  // bytes of a picture
const DESKTOP = { viewport: { width: 1240, height: 860 } };

const [kind, ...rest] = process.argv.slice(2);
const folder = rest.at(-1);
const [first, second] = rest;
const TALL = { viewport: { width: 1240, height: 1180 } };
const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 };

/** Name, page, how it is opened, and what is in the picture: an id of an element, or the top of the page. */
const PICTURES = kind === 'study' ? [
  ['summary', first, TALL, null],
  ['designs', first, TALL, 'designs'],
  ['parallel', first, TALL, 'parallel'],
  ['effects', first, TALL, 'effects'],
  ['errors', first, TALL, 'errors'],
  ['phone', first, { ...PHONE, viewport: { width: 360, height: 1000 } }, 'designs'],
  ['dark', first, { ...TALL, colorScheme: 'dark' }, 'designs'],
] : [
  ['summary', first, DESKTOP, null],
  ['energy', first, DESKTOP, 'energy'],
  ['traffic', first, DESKTOP, 'traffic'],
  ['compare', second, DESKTOP, 'metrics'],
  ['phone', first, PHONE, 'cycles'],
  ['dark', second, { ...DESKTOP, colorScheme: 'dark' }, 'compare'],
];

for (const [name, report, options, id] of PICTURES) {
  const { page, wrongs, close } = await open(report, options);
  if (wrongs.length) throw new Error(wrongs.join('\n'));
  const file = path.join(folder, `${kind}_${name}.png`);
  if (id) await page.evaluate((at) => document.getElementById(at).scrollIntoView({ behavior: 'instant' }), id);
  await page.waitForFunction(() => !document.querySelector('main[aria-busy=true]'));
  await page.waitForTimeout(600);  // charts move into place
  await page.screenshot({ path: file });
  await close();
  const { size } = statSync(file);
  console.log(`${file}: ${size} bytes`);
  if (size > LARGEST) throw new Error(`${file} is larger than ${LARGEST} bytes`);
}
await closeBrowser();
