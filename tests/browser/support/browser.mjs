/** One chromium for all tests, and pages that note what they should not do. */

import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const SLOW = 60_000;  // a loaded machine with two cores
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];

/** Where chromium is, or null. */
export function chromiumPath() {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  const found = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();
  return found || null;
}

let browser = null;

async function launched() {
  const require = createRequire(path.join(process.env.BROWSER_MODULES, 'package.json'));
  browser ??= await require('playwright-core').chromium.launch({ executablePath: chromiumPath(), headless: true, args: ARGS, timeout: SLOW });
  return browser;
}

/** Ends the browser. */
export async function closeBrowser() {
  await browser?.close();
  browser = null;
}

/**
 * Opens a file in a context of its own.
 * @param {string} file
 * @param {object} [options] of a context: viewport, colorScheme, …
 * @returns {Promise<{page: object, wrongs: string[], close: function(): Promise}>} `wrongs` collects errors, dialogs and requests that leave the file
 */
export async function open(file, options = {}) {
  const context = await (await launched()).newContext({ viewport: { width: 1240, height: 900 }, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(SLOW);
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const wrongs = [];
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) wrongs.push(`console: ${m.text()}`); });
  page.on('pageerror', (e) => wrongs.push(`error: ${e.message}`));
  page.on('dialog', (d) => { wrongs.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on('request', (r) => { if (r.url().split('#')[0] !== url) wrongs.push(`request: ${r.url().slice(0, 80)}`); });
  await page.goto(url, { waitUntil: 'load', timeout: SLOW });
  return { page, wrongs, close: () => context.close() };
}
