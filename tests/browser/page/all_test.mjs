/** All tests in the browser, in one process with one chromium. */

import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { allWrongs, closeAll } from './pages.mjs';
import './whole.mjs';
import './incomplete.mjs';
import './numbers.mjs';
import './controls.mjs';
import './looks.mjs';
import './keyboard.mjs';
import './closed.mjs';
import './study.mjs';
import './study_designs.mjs';

test('through all of it no page met an error, asked for anything, or opened a dialog', () => assert.deepEqual(allWrongs(), []));

after(closeAll);
