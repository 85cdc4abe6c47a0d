/** Reports of runs that nobody simulated: estimates of the closed form. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { open } from '../support/browser.mjs';
import { documentOf, writePage } from '../support/data.mjs';

/** A result as the closed form alone gives it: no computer, no causes, no words, no PEs. */
function estimate(result, zeros) {
  const r = structuredClone(result);
  delete r.host;
  r.fidelity = 'closed form';
  for (const of of [r.totals, ...r.layers.filter((l) => l.place === 'machine')]) {
    if (zeros) for (const cause of Object.keys(of.cycle_stack)) of.cycle_stack[cause] = 0;
    else delete of.cycle_stack;
    of.functional = { checked: false };
    delete of.pe_macs;
    delete of.analytic;
  }
  return r;
}

for (const zeros of [false, true])
  test(`an estimate alone says so at once, and leaves out what it does not know${zeros ? ' (its stacks are zeros)' : ''}`, async () => {
    const doc = documentOf(['tiny']);
    doc.runs[0].result = estimate(doc.runs[0].result, zeros);
    const { page, wrongs, close } = await open(writePage(`closed_${zeros}`, doc));
    assert.match(await page.locator('.facts').innerText(), /^closed form estimate · /);
    assert.match(await page.locator('.verdicts').innerText(), /Closed form estimate: not simulated, so no ofmap word was computed/);
    assert.match(await page.locator('#summary .lead').innerText(), /Nothing here was simulated/);
    assert.doesNotMatch((await page.$$eval('#metrics tbody, .cards', (all) => all.map((t) => t.textContent))).join(), /simulated/);
    const ids = await page.$$eval('main section', (all) => all.map((s) => s.id));
    assert.ok(!ids.includes('cycles') && ['layers', 'energy', 'roofline', 'traffic', 'mapping', 'sources'].every((id) => ids.includes(id)), ids.join());
    assert.match(await page.locator('#array').innerText(), /was not simulated: closed form; its mapping gives work to \d+ of 168 PEs/);
    const again = await page.locator('#again').innerText();
    assert.match(again, /Not simulated: closed form\. Seed \d+, fidelity closed form/);
    assert.doesNotMatch(again, /computer/);
    assert.equal(await page.locator('.failing').count(), 0);
    assert.deepEqual(wrongs, []);
    await close();
  });

test('an estimate beside a simulated run: each says what it is, and the estimate is best in nothing', async () => {
  const doc = documentOf(['tiny']);
  doc.runs.push({ label: 'estimated', result: estimate(doc.runs[0].result, false) });
  const { page, wrongs, close } = await open(writePage('closed_beside', doc));
  assert.match(await page.locator('#summary').innerText(), /Best in nothing, as they are estimates of the closed form and were not simulated: estimated\./);
  assert.doesNotMatch(await page.locator('#summary').innerText(), /not all was computed/);
  assert.equal(await page.locator('#metrics .mark').count(), 0);
  assert.ok(await page.locator('#cycles svg').first().isVisible());
  await page.locator('#cycles select').selectOption('1');
  assert.match(await page.locator('#cycles').innerText(), /estimated was not simulated: closed form\./);
  assert.equal(await page.locator('#cycles .canvas').isVisible(), false);
  await page.locator('#cycles select').selectOption('0');
  assert.ok(await page.locator('#cycles svg').first().isVisible());
  assert.equal(await page.locator('.failing').count(), 0);
  assert.deepEqual(wrongs, []);
  await close();
});
