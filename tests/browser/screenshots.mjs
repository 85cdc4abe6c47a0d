/** Pictures of a report for the documentation: node screenshots.mjs REPORT.html FOLDER. Light, dark, and a phone's. */

import { statSync } from 'node:fs';
import path from 'node:path';
import { closeBrowser, open } from './support/browser.mjs';

const LARGEST = 300_000;  // bytes of a picture
const DESKTOP = { viewport: { width: 1240, height: 860 } };

/** Name, how the page is opened, and what is in the picture: an id of a section, or the top of the page. */
const PICTURES = [
  ['summary', DESKTOP, null],
  ['energy', DESKTOP, 'energy'],
  ['traffic', DESKTOP, 'traffic'],
  ['phone', { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 }, 'cycles'],
  ['dark', { ...DESKTOP, colorScheme: 'dark' }, 'cycles'],
];

const [report, folder] = process.argv.slice(2);
for (const [name, options, id] of PICTURES) {
  const { page, wrongs, close } = await open(report, options);
  if (wrongs.length) throw new Error(wrongs.join('\n'));
  const file = path.join(folder, `report_${name}.png`);
  if (id) await page.evaluate((at) => document.getElementById(at).scrollIntoView({ behavior: 'instant' }), id);
  await page.screenshot({ path: file });
  await close();
  const { size } = statSync(file);
  console.log(`${file}: ${size} bytes`);
  if (size > LARGEST) throw new Error(`${file} is larger than ${LARGEST} bytes`);
}
await closeBrowser();
