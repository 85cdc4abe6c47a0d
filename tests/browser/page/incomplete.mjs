/** Results that lack what they should have cost their sections, never the page. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { open } from '../support/browser.mjs';
import { documentOf, writePage } from '../support/data.mjs';

/** What a section says in place of itself, by its id. */
const failures = (page) => page.$$eval('main section.failing', (all) => Object.fromEntries(all.map((s) => [s.id, s.querySelector('.undrawn').textContent])));
const drawn = (page, id) => page.locator(`#${id} .canvas svg`).first().isVisible();

test('a run that lacks totals, counts and energies costs sections; the choice of the whole run brings them back', async () => {
  const doc = documentOf(['tiny']);
  const torn = structuredClone(doc.runs[0].result);
  delete torn.totals;
  delete torn.energy_table;
  for (const layer of torn.layers) for (const key of ['cycle_stack', 'counts', 'energy_pj']) delete layer[key];
  doc.runs.push({ label: 'torn', result: torn });
  const { page, wrongs, close } = await open(writePage('torn', doc));
  assert.match(await page.locator('#summary .verdicts').first().innerText(), /equal the reference/);
  assert.ok(await drawn(page, 'energy') && await drawn(page, 'cycles') && await drawn(page, 'traffic'));
  assert.deepEqual(Object.keys(await failures(page)).filter((id) => !['compare', 'roofline'].includes(id)), []);
  await page.locator('#layers select').selectOption('1');
  const said = await failures(page);
  for (const id of ['layers', 'cycles', 'traffic', 'sources']) assert.match(said[id] ?? 'nothing', /^could not be drawn: ./, id);
  assert.equal(await drawn(page, 'cycles'), false);
  assert.ok(await page.locator('#cycles select').isVisible());
  await page.locator('#cycles select').selectOption('0');
  assert.ok(await drawn(page, 'energy') && await drawn(page, 'cycles') && await drawn(page, 'traffic'));
  assert.ok(!Object.keys(await failures(page)).some((id) => ['layers', 'cycles', 'traffic', 'sources'].includes(id)));
  assert.deepEqual(wrongs, []);
  await close();
});

test('an empty result and a scenario without figures leave a page with its headings', async () => {
  const doc = documentOf(['tiny']);
  doc.runs = [{ label: 'nothing', result: {} }, ...doc.runs];
  doc.scenarios = [{ label: 'half', scenario: { kind: 'offload', name: 'half' } }];
  const { page, wrongs, close } = await open(writePage('nothing', doc));
  assert.equal(await page.locator('h1').innerText(), 'nothing · tiny');
  const said = await failures(page);
  assert.match(said['scenario-0'], /^could not be drawn: ./);
  assert.equal(await page.locator('#scenario-0 h2').innerText(), 'half');
  assert.equal(await page.locator('#scenario-0 .undrawn').getAttribute('role'), 'alert');
  await page.locator('#energy select').selectOption('1');
  assert.ok(await drawn(page, 'energy'));
  const links = await page.$$eval('nav a', (all) => all.map((a) => a.getAttribute('href').slice(1)));
  assert.deepEqual(links, await page.$$eval('main section', (all) => all.map((s) => s.id)));
  assert.deepEqual(wrongs, []);
  await close();
});

test('a run without a layer on the machine, without baselines and targets, is a page too', async () => {
  const doc = documentOf(['tiny']);
  const { result } = doc.runs[0];
  for (const l of result.layers) Object.assign(l, { place: 'host', reason: 'no loop nest', cost: 'not modelled' });
  Object.assign(result, { baselines: [], targets: [], area: { total_mm2: null, interval_mm2: null, complete: false, unknown: ['glb'], components: [] } });
  Object.assign(result.energy_table, { technology_nm: 7, voltage_v: 0.7 });
  result.totals.ops = 0;
  for (const key of ['gops', 'tops_per_w', 'tops_per_w_chip', 'energy_per_op_pj']) result.totals[key] = null;
  const { page, wrongs, close } = await open(writePage('empty', doc));
  assert.equal(await page.locator('#limits tbody tr').count(), result.layers.length);
  assert.match(await page.locator('#area').innerText(), /tiny: not known/);
  assert.match((await page.locator('.facts').innerText()).replaceAll('\u00a0', ' '), / · 65 nm, priced at 7 nm, 0\.7 V$/);
  assert.deepEqual(await page.locator('.card', { hasText: 'Efficiency' }).locator('.value').allInnerTexts(), ['–', '–']);
  assert.deepEqual(await failures(page), {});
  assert.deepEqual(wrongs, []);
  await close();
});

test('texts from files are text, whatever they hold', async () => {
  const doc = documentOf(['tiny']);
  const evil = '<img src=x onerror=alert(1)></script><script>alert(2)</script>';
  doc.runs[0].label = evil;
  doc.runs[0].result.layers[0].name = evil;
  doc.runs[0].result.energy_table.prices[0].note = evil;
  const { page, wrongs, close } = await open(writePage('evil', doc));
  assert.equal(await page.locator('h1').innerText(), evil);
  await page.locator('#energy .canvas').hover({ position: { x: 600, y: 20 } });
  await page.waitForFunction(() => document.querySelector('body > .tip table'));
  assert.equal(await page.locator('main img').count(), 0);
  assert.deepEqual(wrongs, []);
  await close();
});

test('a page without data, with broken data, of another schema, or with nothing in it says so', async () => {
  const cases = [['broken', '{"schema":', /This page holds no data/], ['other', '{"schema":"eyrie.result/1"}', /The data of this page/], ['without', '{"schema":"eyrie.report/1","runs":[]}', /neither a run nor a scenario/]];
  const { page, wrongs, close } = await open(writePage(...cases[0]));
  for (const [name, text, said] of cases) {
    await page.setContent('');
    writePage('broken', text);
    await page.reload({ waitUntil: 'load' });
    assert.match(await page.locator('[role=alert]').innerText(), /^No report\s/, name);
    assert.match(await page.locator('[role=alert]').innerText(), said, name);
  }
  assert.deepEqual(wrongs, []);
  await close();
});
