/** Everything can be reached and used without a mouse. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { tabThrough } from '../support/focus.mjs';
import { shown } from '../support/tables.mjs';
import { use } from './pages.mjs';

test('the tab key reaches every control, and the focus can be seen', async () => {
  const { page } = await use('tiny');
  const { stops, missed, unseen } = await tabThrough(page);
  assert.ok(stops > 80, `${stops} stops`);
  assert.deepEqual(missed, []);
  assert.deepEqual(unseen, []);
});

test('Enter sorts, arrows choose, Space unfolds', async () => {
  const { page } = await use('alexnet');
  const header = page.locator('#layer-table thead th', { hasText: 'cycles' });
  await header.locator('button').focus();
  await page.keyboard.press('Enter');
  assert.equal(await header.getAttribute('aria-sort'), 'descending');
  await page.keyboard.press('Space');
  assert.equal(await header.getAttribute('aria-sort'), 'ascending');
  await page.locator('#energy input[value=component]').focus();
  await page.keyboard.press('ArrowRight');
  assert.ok((await shown(page, 'Energy by tensor')).rows.length > 0);
  const twin = page.locator('#energy details.twin').first();
  await twin.locator('summary').focus();
  await page.keyboard.press('Space');
  assert.equal(await twin.evaluate((d) => d.open), true);
  const part = page.locator('#energy .legend button').first();
  await part.focus();
  await page.keyboard.press('Enter');
  assert.equal(await part.getAttribute('aria-pressed'), 'false');
  assert.equal(await part.evaluate((b) => b === document.activeElement), true);
  await page.locator('#traffic select').focus();
  await page.keyboard.press('ArrowDown');
  assert.ok((await shown(page, 'Traffic in conv1')).rows.length > 0);
});
