/** Pages are whole: one file, no errors, no requests, everything drawn; and they say so when they have no data. */

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import test from 'node:test';
import { open } from '../support/browser.mjs';
import { documentOf, needed, writePage } from '../support/data.mjs';
import { pageOf } from './pages.mjs';

const SECTIONS = ['summary', 'targets', 'baselines', 'layers', 'cycles', 'energy', 'roofline', 'array', 'traffic', 'mapping', 'sources', 'limits', 'again'];

test('the template has its two places once each, and is smaller than 900 kB', () => {
  const text = readFileSync(needed('EYRIE_PAGE'), 'utf8');
  for (const mark of ['__EYRIE_DATA__', '__EYRIE_TITLE__']) assert.equal(text.split(mark).length, 2, mark);
  assert.ok(text.includes('<script type="application/json" id="data">__EYRIE_DATA__</script>'));
  assert.ok(/Apache License/.test(text) && /BSD 3-Clause|Redistribution and use/.test(text), 'licences');
  assert.ok(text.length < 900_000, `${text.length} bytes`);
});

for (const [name, more] of [['alexnet', []], ['enriched', ['area']], ['resnet50', []], ['three', ['compare', 'scenario-0', 'scenario-1']]])
  test(`${name}: no error, no request, every section, every chart drawn and named`, async () => {
    const { file, doc } = pageOf(name);
    const { page, wrongs, close } = await open(file);
    assert.ok(statSync(file).size < 5_000_000, `${statSync(file).size} bytes`);
    assert.equal(await page.title(), name);
    const ids = await page.$$eval('main section', (all) => all.map((s) => s.id));
    for (const id of [...SECTIONS, ...more]) assert.ok(ids.includes(id), `section ${id}`);
    const links = await page.$$eval('nav a', (all) => all.map((a) => a.getAttribute('href').slice(1)));
    assert.deepEqual(links, ids);
    const charts = await page.$$eval('.chart:not([hidden])', (all) => all.map((c) => ({
      label: c.querySelector('[role=img]').getAttribute('aria-label'), paths: c.querySelectorAll('svg path').length, twin: c.querySelectorAll('details.twin figure.table tbody tr').length,
    })));
    assert.ok(charts.length >= 6 + (doc.runs.length > 1 ? 7 : 0), `${charts.length} charts`);
    for (const c of charts) assert.ok(c.label.endsWith('.') && c.paths > 2 && c.twin > 0, JSON.stringify(c));
    assert.deepEqual(wrongs, []);
    await close();
  });

test('a page without data, with broken data or of another schema says so', async () => {
  for (const [name, text] of [['broken', '{"schema":'], ['other', '{"schema":"eyrie.result/1"}'], ['unfilled', null]]) {
    const file = text === null ? needed('EYRIE_PAGE') : writePage(name, text);
    const { page, wrongs, close } = await open(file);
    assert.match(await page.locator('[role=alert]').innerText(), /No report\s+(This page holds no data|The data of this page)/);
    assert.deepEqual(wrongs, []);
    await close();
  }
});

test('a run without a layer on the machine, without baselines and targets, is a page too', async () => {
  const doc = documentOf(['tiny']);
  const { result } = doc.runs[0];
  for (const l of result.layers) Object.assign(l, { place: 'host', reason: 'no loop nest', cost: 'not modelled' });
  Object.assign(result, { baselines: [], targets: [], area: { total_mm2: null, interval_mm2: null, unknown: ['glb'], components: [] } });
  for (const key of ['gops', 'tops_per_w', 'tops_per_w_chip', 'latency_ms', 'inferences_per_s', 'energy_per_op_pj']) result.totals[key] = 0;
  const { page, wrongs, close } = await open(writePage('empty', doc));
  assert.equal(await page.locator('#limits tbody tr').count(), result.layers.length);
  assert.match(await page.locator('#area').innerText(), /tiny: not known/);
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
