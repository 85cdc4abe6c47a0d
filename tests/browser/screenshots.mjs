/** Pictures of reports for the documentation: node screenshots.mjs RUN.html SEVERAL.html FOLDER. Light, dark, and a phone's. */

import { statSync } from 'node:fs';
import path from 'node:path';
import { closeBrowser, open } from './support/browser.mjs';

const LARGEST = 300_000;  // bytes of a picture
const DESKTOP = { viewport: { width: 1240, height: 860 } };

const [run, several, folder] = process.argv.slice(2);

/** Name, report, how the page is opened, and what is in the picture: an id of an element, or the top of the page. */
const PICTURES = [
  ['summary', run, DESKTOP, null],
  ['energy', run, DESKTOP, 'energy'],
  ['traffic', run, DESKTOP, 'traffic'],
  ['compare', several, DESKTOP, 'metrics'],
  ['phone', run, { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 }, 'cycles'],
  ['dark', several, { ...DESKTOP, colorScheme: 'dark' }, 'compare'],
];

for (const [name, report, options, id] of PICTURES) {
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
