/** The page of a study, generated with all that is awkward: what it shows, and how it is used. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { figure } from '../../../report/web/src/model/format.js';
import { readStudy, valueOf } from '../../../report/web/src/study/model/document.js';
import { pointsOf } from '../../../report/web/src/study/model/scatter.js';
import { open } from '../support/browser.mjs';
import { tabThrough } from '../support/focus.mjs';
import { generatedStudy } from '../support/study.mjs';
import { studyPage, studyTemplate } from '../support/study_pages.mjs';
import { shown, sortAll } from '../support/tables.mjs';

const doc = generatedStudy();
const study = readStudy(doc);
const done = study.designs.filter((d) => d.done);
const BEST = { network: 0, fidelity: 'best' };
const IN_ORDER = pointsOf(done, { x: 0, y: 1, ...BEST });

/** Nothing waits to be drawn. */
const settled = (page) => page.waitForFunction(() => document.querySelector('main')?.getAttribute('aria-busy') === 'false');

/** The page, ready, and what it did that it should not have done. */
async function look(options = {}, of = doc, name = 'study') {
  const one = await open(studyPage(name, of), options);
  await settled(one.page);
  return one;
}

const plot = (page) => page.locator('#designs .chart-scroll');
const said = (page) => page.locator('#designs .said').innerText();
const passing = async (page) => Number(/^\d+/.exec(await page.locator('.filter-panel .left').innerText())[0]);

test('the template of studies has its places once, its licences, and is smaller than 900 kB', () => {
  const text = studyTemplate();
  for (const mark of ['__EYRIE_DATA__', '__EYRIE_TITLE__']) assert.equal(text.split(mark).length, 2, mark);
  assert.ok(text.length < 900_000, `${text.length} bytes`);
  for (const file of ['echarts, LICENSE:', 'echarts, NOTICE:', 'zrender, LICENSE:', 'tslib, LICENSE.txt:']) assert.ok(text.split('<style>')[0].includes(`\n${file}\n`), file);
});

test('every section is there, every chart drawn and named, without an error or a request', async () => {
  const { page, wrongs, close } = await look();
  assert.deepEqual(await page.$$eval('main section', (all) => all.map((s) => s.id)), ['summary', 'designs', 'parallel', 'effects', 'front', 'errors', 'failed']);
  assert.equal(await page.locator('h1').innerText(), doc.title);
  const facts = await page.locator('.facts').innerText();
  for (const word of ['540 designs', '5 parameters swept', 'alexnet, resnet8, ds<cnn> "kws"', 'strategy grid', 'seed 1', 'eyeriss_v1']) assert.ok(facts.includes(word), word);
  const cards = await page.$$eval('#summary .card .value', (all) => all.map((c) => Number(c.textContent)));
  assert.deepEqual(cards, [540, done.length, doc.front.length, study.designs.filter((d) => d.simulated).length, 540 - done.length]);
  const charts = await page.$$eval('.chart', (all) => all.map((c) => ({ label: c.querySelector('[role=img]').getAttribute('aria-label'), paths: c.querySelectorAll('svg path').length })));
  assert.equal(charts.length, 4);
  for (const c of charts) assert.ok(c.label.endsWith('.') && c.paths > 10, JSON.stringify(c));
  assert.ok((await page.$$eval('#designs svg path[transform], #designs svg path', (all) => all.length)) > IN_ORDER.length);
  assert.equal(await page.locator('.failing, main b b, main img').count(), 0);
  assert.deepEqual(wrongs, []);
  await close();
});

test('keys walk in the order of the axes; Escape lets go; Enter opens the report', async () => {
  const { page, wrongs, close } = await look();
  await plot(page).focus();
  await page.keyboard.press('ArrowRight');
  assert.ok((await said(page)).startsWith(`Design ${IN_ORDER[0].design.number}, `));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const third = IN_ORDER[2].design;
  assert.ok((await said(page)).includes(`energy per inference, with DRAM ${figure(IN_ORDER[2].x)} µJ`));
  assert.equal(await page.locator('#design-title').innerText(), `Design ${third.number}`);
  assert.equal(await page.locator('#designs .over circle').count(), 2);
  assert.equal(await page.locator('#parallel .over polyline').count(), 2);
  await page.keyboard.press('ArrowLeft');
  assert.ok((await said(page)).startsWith(`Design ${IN_ORDER[1].design.number}, `));
  await page.keyboard.press('End');
  assert.ok((await said(page)).startsWith(`Design ${IN_ORDER.at(-1).design.number}, `));
  await page.keyboard.press('ArrowDown');
  assert.ok(!(await said(page)).startsWith(`Design ${IN_ORDER.at(-1).design.number}, `));
  await page.keyboard.press('Escape');
  assert.equal(await said(page), '');
  assert.equal(await page.locator('#designs .over circle').count(), 0);
  assert.equal(await page.locator('#designs .said').getAttribute('aria-live'), 'polite');
  await page.keyboard.press('Home');
  assert.deepEqual(wrongs, []);
  await Promise.all([page.waitForURL(new RegExp(`/designs/report\\.html#${IN_ORDER[0].design.number}$`), { waitUntil: 'commit' }).catch(() => null), page.keyboard.press('Enter')]);
  assert.ok(wrongs.some((w) => w.startsWith('request: file://')), 'Enter asks for the report');
  await close();
});

test('a click selects; the card holds every figure of every network, simulated beside closed form', async () => {
  const { page, wrongs, close } = await look();
  const design = study.byDesign.get(doc.front[3]);
  await page.evaluate(() => document.querySelector('#designs').scrollIntoView());
  await page.locator('#designs').getByText('The same as a table').click();
  const twin = await shown(page, 'latency over energy per inference, with DRAM', '#designs');
  assert.equal(twin.rows.length, IN_ORDER.length);
  twin.rows.forEach(([, x, y], i) => assert.deepEqual([Number(x.full), Number(y.full)], [IN_ORDER[i].x, IN_ORDER[i].y]));
  await plot(page).focus();
  const at = IN_ORDER.findIndex((p) => p.design === design);
  for (let i = 0; i <= at; ++i) await page.keyboard.press('ArrowRight');
  const ring = await page.locator('#designs .over circle').first().boundingBox();
  await page.keyboard.press('Escape');
  await page.mouse.click(ring.x + ring.width / 2, ring.y + ring.height / 2);
  const clicked = Number(/\d+/.exec(await page.locator('#design-title').innerText())[0]);
  const other = study.byDesign.get(clicked);
  const card = await shown(page, `Figures of design ${clicked}`);
  study.measures.forEach((m, k) => study.networks.forEach((_, n) => assert.equal(Number(card.rows[k][2 + n].full), valueOf(other, m.index, n, 'best'), `${m.name} ${n}`)));
  assert.ok(Math.abs(valueOf(other, 0, 0, 'best') / valueOf(design, 0, 0, 'best') - 1) < 0.02, 'the click met a point beside the ring');
  assert.match(await page.locator('#card-table .cell-note').first().innerText(), /^closed form [\d,.]+ \([+−]?[\d.]+ %\)$/);
  assert.equal(await page.locator('.design .open').getAttribute('href'), `designs/report.html#${clicked}`);
  assert.deepEqual(wrongs, []);
  await close();
});

test('axes, colours, networks and fidelities change what is shown, in all sections together', async () => {
  const { page, wrongs, close } = await look();
  const axis = page.locator('#designs select');
  await axis.nth(0).selectOption('5');
  await axis.nth(1).selectOption('2');
  assert.match(await page.locator('#designs [role=img]').getAttribute('aria-label'), /area of the chip \(mm²\) over efficiency, with DRAM \(TOP\/W\)/);
  for (const value of await axis.nth(2).evaluate((s) => [...s.options].map((o) => o.value))) await axis.nth(2).selectOption(value);
  await axis.nth(2).selectOption('p4');
  assert.match(await page.locator('#designs .key').innerText(), /<b>mesh<\/b>/);
  for (const radio of await page.locator('#designs input[type=radio]').all()) await radio.evaluate((r) => r.click());
  await page.locator('#front select').first().selectOption('1');
  assert.equal(await axis.nth(3).inputValue(), '1');
  await settled(page);
  const front = await shown(page, 'Designs on the Pareto front');
  const energy = front.columns.findIndex((c) => c.startsWith('energy per inference'));
  front.rows.forEach((row, i) => {
    assert.equal(Number(row[0].full), doc.front[i]);
    assert.equal(Number(row[energy].full), valueOf(study.byDesign.get(doc.front[i]), 0, 1, 'best'));
  });
  await page.locator('#parallel select').last().selectOption('closed');
  await settled(page);
  const closed = await shown(page, 'Designs on the Pareto front');
  closed.rows.forEach((row, i) => assert.equal(Number(row[energy].full), study.byDesign.get(doc.front[i]).closed[1][0]));
  await page.locator('#effects select').first().selectOption('1');
  await page.locator('#effects summary').click();
  const effects = await shown(page, 'Medians and quartiles by parameter');
  assert.equal(effects.rows.filter((r) => r[0].text === 'rows of PEs').reduce((n, r) => n + Number(r[2].full), 0), done.length);
  await page.locator('#errors select').selectOption('1');
  assert.deepEqual(wrongs, []);
  await close();
});

test('filters narrow plot, parameters and table, and are all lifted at once', async () => {
  const { page, wrongs, close } = await look();
  await page.locator('.filter-panel summary').click();
  await page.locator('.filters').getByLabel('256 KiB').uncheck();
  const count = (t) => done.filter(t).length;
  assert.equal(await passing(page), count((d) => d.values[2] !== '256 KiB'));
  await page.locator('.filters').getByLabel('<b>mesh</b>').uncheck();
  await page.locator('.filters').getByLabel('latency (ms), most').fill('0.3');
  await page.locator('.filters').getByLabel('latency (ms), most').press('Tab');
  const passes = (d) => d.values[2] !== '256 KiB' && d.values[4] !== '<b>mesh</b>' && d.closed[0][1] !== null && valueOf(d, 1, 0, 'best') <= 0.3;
  assert.equal(await passing(page), count(passes));
  await page.locator('#front').getByText('as filtered').click();
  assert.deepEqual((await shown(page, 'Designs that pass the filters')).rows.length, count(passes));
  await page.locator('.filters').getByLabel('on the front only').check();
  assert.equal(await passing(page), count((d) => passes(d) && d.front));
  assert.equal(await page.locator('.filter-panel summary').innerText(), 'Filters (4)');
  await page.locator('.filters').getByText('No filter').click();
  assert.equal(await passing(page), done.length);
  await page.locator('.filters').getByLabel(/^deadlocked/).check();
  assert.equal(await passing(page), study.designs.filter((d) => d.done || d.status === 'deadlocked').length);
  assert.match(await page.locator('#designs .key').innerText(), /not done/);
  for (const box of await page.locator('.filters fieldset:nth-of-type(3) input').all()) await box.uncheck();
  assert.equal(await passing(page), 0);
  await settled(page);
  assert.match(await page.locator('#effects').innerText(), /No design passes the filters/);
  assert.equal(await page.locator('.failing').count(), 0);
  assert.deepEqual(wrongs, []);
  await close();
});

test('a mark on a parallel axis marks designs everywhere, and is cleared', async () => {
  const { page, wrongs, close } = await look();
  await page.evaluate(() => document.querySelector('#parallel .chart-scroll').scrollIntoView({ block: 'center' }));
  await settled(page);
  const box = await page.locator('#parallel .canvas').boundingBox();
  const [x, top, height] = [box.x + box.width - 80, box.y + 24, box.height - 100];
  await page.mouse.move(x, top + 0.55 * height);
  await page.mouse.down();
  for (let i = 0; i <= 8; ++i) await page.mouse.move(x, top + (0.55 + 0.05 * i) * height);
  await page.mouse.up();
  const text = () => page.locator('#parallel [role=status]').innerText();
  await page.waitForFunction(() => /designs are marked/.test(document.querySelector('#parallel [role=status]').textContent));
  const marked = Number(/^\d+/.exec(await text())[0]);
  assert.ok(marked > 10 && marked < done.length, await text());
  await page.locator('#front').getByText('as filtered').click();
  assert.equal((await shown(page, 'Designs that pass the filters')).rows.length, marked);
  await page.locator('#parallel').getByText('Clear the marks').click();
  assert.match(await text(), /^Drag along an axis/);
  await settled(page);
  assert.equal((await shown(page, 'Designs that pass the filters')).rows.length, done.length);
  assert.deepEqual(wrongs, []);
  await close();
});

test('tables: the front in order with links, all designs, errors, failures with reasons; every header sorts', async () => {
  const { page, wrongs, close } = await look();
  assert.deepEqual(await page.$$eval('#design-table tbody th a', (all) => all.map((a) => a.getAttribute('href'))), doc.front.map((n) => `designs/report.html#${n}`));
  const failed = await shown(page, 'Designs without a result');
  assert.equal(failed.rows.length, 540 - done.length);
  const dead = study.designs.find((d) => d.status === 'deadlocked');
  assert.equal(failed.rows.find((r) => r[0].text === String(dead.number))[2].text, dead.reason);
  const errors = await shown(page, 'Size of the error');
  assert.deepEqual(errors.rows.slice(0, 3).map((r) => r[1].text), ['on the front', 'in the random sample', 'all that were simulated']);
  const units = await page.$$eval('#design-table thead th', (all) => all.map((t) => t.textContent));
  for (const m of study.measures) assert.ok(units.some((u) => u.includes(`(${m.unit})`)), m.name);
  await page.locator('#front').getByText('all done').click();
  assert.equal((await shown(page, 'All designs that are done')).rows.length, done.length);
  await page.locator('#front').getByText('on the front', { exact: true }).click();
  for (const s of await page.locator('details.twin:not(.filter-panel details) > summary').all()) await s.click();
  assert.equal(await page.locator('#front table a').first().getAttribute('aria-label'), `Report of design ${doc.front[0]}`);
  assert.deepEqual((await sortAll(page)).wrong, []);
  assert.deepEqual(wrongs, []);
  await close();
});

test('the tab key reaches every control, and the focus can be seen', async () => {
  const { page, wrongs, close } = await look();
  await page.locator('.filter-panel summary').click();
  const { stops, missed, unseen } = await tabThrough(page);
  assert.ok(stops > 100, `${stops} stops`);
  assert.deepEqual(missed, []);
  assert.deepEqual(unseen, []);
  assert.deepEqual(wrongs, []);
  await close();
});

test('a phone, dark colours, paper', async () => {
  const { page, wrongs, close } = await look({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await plot(page).focus();
  await page.keyboard.press('ArrowRight');
  await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
  await settled(page);
  const out = await page.$$eval('main section > *, .design > *, .filters > *', (all) => all.filter((e) => e.getBoundingClientRect().right > 360.5).map((e) => `${e.parentElement.id || e.parentElement.className}: ${e.className || e.tagName}`));
  assert.deepEqual(out, []);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  assert.ok((await page.$$eval('.canvas', (all) => all.map((c) => c.querySelectorAll('svg').length))).every((n) => n >= 1));
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  assert.ok((await page.pdf({ format: 'A4' })).length > 50_000);
  assert.deepEqual(wrongs, []);
  await close();
});

test('five hundred designs on three networks: there soon, and answering at once', async (t) => {
  const { page, close } = await look();
  const loads = [];
  for (let i = 0; i < 3; ++i) {
    await page.reload({ waitUntil: 'load' });
    await settled(page);
    loads.push(await page.evaluate(() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd));
  }
  const spent = (action) => page.evaluate(async (source) => { const at = performance.now(); new Function(source)(); const ms = performance.now() - at; await new Promise(requestAnimationFrame); return ms; }, action);
  const key = "document.querySelector('#designs .chart-scroll').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))";
  const keys = [];
  for (let i = 0; i < 30; ++i) keys.push(await spent(key));
  const choice = await spent("const s = document.querySelectorAll('#designs select')[3]; s.value = '2'; s.dispatchEvent(new Event('change'))");
  const filter = await spent("document.querySelectorAll('.filters input[type=checkbox]')[0].click()");
  const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
  t.diagnostic(`usable after ${Math.min(...loads).toFixed(0)} ms; a key ${median(keys).toFixed(1)} ms; another network ${choice.toFixed(0)} ms; a filter ${filter.toFixed(0)} ms`);
  assert.ok(Math.min(...loads) < 3000 && median(keys) < 100 && choice < 1500 && filter < 1500, 'far beyond what a loaded machine explains');
  await close();
});

test('two objectives, one network, nothing simulated, nothing failed: sections without data are left out', async () => {
  const small = generatedStudy({ objectives: ['energy', 'latency'] });
  small.designs = small.designs.filter((d) => d.status === 'done' && d.number % 5 === 0);
  for (const d of small.designs) Object.assign(d, { simulated: null, sampled: false, closed: d.closed.slice(0, 2), report: null });
  Object.assign(small, { workloads: ['alexnet'], constraints: [], front: small.designs.filter((d) => d.front).map((d) => d.number) });
  const { page, wrongs, close } = await look({}, small, 'small');
  assert.deepEqual(await page.$$eval('main section', (all) => all.map((s) => s.id)), ['summary', 'designs', 'parallel', 'effects', 'front']);
  assert.equal(await page.locator('select').filter({ hasText: 'geometric mean' }).count(), 0);
  await plot(page).focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await said(page), /It has no report\.$/);
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#design-table a').count(), 0);
  assert.deepEqual(wrongs, []);
  await close();
});

test('one design, none done, and data that are no study', async () => {
  const one = { ...doc, designs: doc.designs.slice(0, 1), front: [] };
  const none = { ...doc, designs: doc.designs.filter((d) => d.status === 'crashed' || d.status === 'excluded'), front: [] };
  for (const [name, of] of [['one', one], ['none', none]]) {
    const { page, wrongs, close } = await look({}, of, name);
    assert.equal(await page.locator('.failing').count(), 0, name);
    assert.deepEqual(wrongs, [], name);
    await close();
  }
  for (const [name, text, what] of [['torn', '{"schema":', /holds no data/], ['other', '{"schema":"eyrie.report/1"}', /of schema "eyrie.report\/1"/]]) {
    const { page, close } = await open(studyPage(name, text));
    assert.match(await page.locator('[role=alert]').innerText(), what);
    await close();
  }
});
