/** Everything can be reached and used without a mouse. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { shown } from '../support/tables.mjs';
import { use } from './pages.mjs';

test('the tab key reaches every control, and the focus can be seen', async () => {
  const { page } = await use('tiny');
  const wanted = await page.evaluate(() => {
    const focusable = 'a[href], button, input, select, summary, [tabindex="0"]';
    const visible = (e) => e.getClientRects().length > 0 && !e.closest('details:not([open]) > :not(summary)');
    const seen = new Set();
    window.reached = new Set();
    window.unseen = [];
    document.addEventListener('focusin', ({ target }) => {
      window.reached.add(target.dataset.stop ?? '');
      const shown = target.type === 'radio' ? target.nextElementSibling : target;
      if (getComputedStyle(shown).outlineStyle === 'none') window.unseen.push(target.outerHTML.slice(0, 80));
    });
    [...document.querySelectorAll(focusable)].filter(visible).forEach((e, i) => {
      e.dataset.stop = e.type === 'radio' ? e.name : String(i);  // a group of radios is one stop
      seen.add(e.dataset.stop);
    });
    return [...seen];
  });
  assert.ok(wanted.length > 80, `${wanted.length} stops`);
  for (let i = 0; i < wanted.length + 5; ++i) await page.keyboard.press('Tab');
  const { reached, unseen } = await page.evaluate(() => ({ reached: [...window.reached], unseen: window.unseen }));
  assert.deepEqual(wanted.filter((w) => !reached.includes(w)), []);
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
