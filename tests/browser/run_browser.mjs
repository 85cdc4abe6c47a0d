/** Runs the tests in chromium: node run_browser.mjs. Exits with 77, and a reason, where there is no chromium. */

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from './support/browser.mjs';

if (!chromiumPath()) {
  console.log(`skipped: ${process.env.CHROMIUM ? `CHROMIUM is ${process.env.CHROMIUM}, which does not exist` : 'there is no chromium in the path; install the package chromium or set CHROMIUM'}`);
  process.exit(77);
}
const tests = path.join(path.dirname(fileURLToPath(import.meta.url)), 'page/all_test.mjs');
process.exit(spawnSync(process.execPath, ['--test', tests], { stdio: 'inherit' }).status ?? 1);
