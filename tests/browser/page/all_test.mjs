/** All tests in the browser, in one process with one chromium. */

import { after } from 'node:test';
import { closeBrowser } from '../support/browser.mjs';
import './whole.mjs';
import './numbers.mjs';
import './controls.mjs';
import './looks.mjs';
import './keyboard.mjs';

after(closeBrowser);
