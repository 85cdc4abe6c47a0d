/** Pages are whole: one file, no errors, no requests, everything drawn. */

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import test from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { needed } from '../support/data.mjs';
import { look } from './pages.mjs';

const dataOf = (file) => JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(readFileSync(file, 'utf8'))[1]);
const SECTIONS = ['summary', 'targets', 'baselines', 'layers', 'cycles', 'energy', 'roofline', 'array', 'traffic', 'mapping', 'sources', 'limits', 'again'];

test('the template has its two places once each, and is smaller than 900 kB', () => {
  const text = readFileSync(needed('EYRIE_PAGE'), 'utf8');
  for (const mark of ['__EYRIE_DATA__', '__EYRIE_TITLE__']) assert.equal(text.split(mark).length, 2, mark);
  assert.ok(text.includes('<script type="application/json" id="data">__EYRIE_DATA__</script>'));
  assert.ok(text.length < 900_000, `${text.length} bytes`);
});

test('the page holds all licences of what it is made of, parts of parts included', () => {
  const [notices] = readFileSync(needed('EYRIE_PAGE'), 'utf8').split('<style>');
  for (const file of ['echarts, LICENSE:', 'echarts, NOTICE:', 'echarts, licenses/LICENSE-d3:', 'zrender, LICENSE:', 'tslib, LICENSE.txt:', 'tslib, CopyrightNotice.txt:']) assert.ok(notices.includes(`\n${file}\n`), file);
  for (const said of ['Apache License', 'The Apache Software Foundation', 'Copyright 2010-2016 Mike Bostock', 'Copyright (c) 2017, Baidu Inc.', 'Copyright (c) Microsoft Corporation', 'Redistributions in binary form must reproduce'])
    assert.ok(notices.includes(said), said);
});

for (const [name, more] of [['alexnet', ['area']], ['bare', []], ['resnet50', ['area']], ['edge', ['area', 'compare', 'scenario-0', 'scenario-1']]])
  test(`${name}: no error, no request, every section, every chart drawn and named`, async () => {
    const { page, wrongs, doc, file } = await look(name);
    assert.ok(statSync(file).size < 5_000_000, `${statSync(file).size} bytes`);
    assert.ok(isDeepStrictEqual(dataOf(file), doc), 'the page does not hold the results as they were written');
    const labels = [...doc.runs, ...doc.scenarios].map((one) => one.label);
    assert.equal(await page.title(), name === 'bare' ? 'bare' : `${labels.join(', ')} - Eyrie`);
    const ids = await page.$$eval('main section', (all) => all.map((s) => s.id));
    for (const id of [...SECTIONS, ...more]) assert.ok(ids.includes(id), `section ${id}`);
    assert.equal(ids.includes('area'), more.includes('area'));
    assert.equal(await page.locator('.failing').count(), 0);
    const links = await page.$$eval('nav a', (all) => all.map((a) => a.getAttribute('href').slice(1)));
    assert.deepEqual(links, ids);
    const charts = await page.$$eval('.chart:not([hidden])', (all) => all.map((c) => ({
      label: c.querySelector('[role=img]').getAttribute('aria-label'), paths: c.querySelectorAll('svg path').length, twin: c.querySelectorAll('details.twin figure.table tbody tr').length,
    })));
    assert.ok(charts.length >= 6 + (doc.runs.length > 1 ? 7 : 0), `${charts.length} charts`);
    for (const c of charts) assert.ok(c.label.endsWith('.') && c.paths > 2 && c.twin > 0, JSON.stringify(c));
    assert.deepEqual(wrongs, []);
  });
