/** Reports of designs: a page that takes the design from its address and loads it from beside. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { open } from '../support/browser.mjs';
import { documentOf } from '../support/data.mjs';
import { generatedStudy } from '../support/study.mjs';
import { designPage, studyPage } from '../support/study_pages.mjs';

const doc = documentOf(['tiny', 'pool']);
const first = { ...doc, runs: doc.runs.map((r, i) => ({ ...r, label: `design 1 <${i}>` })) };
const file = designPage('designs', { 1: first, 2: { ...doc, runs: doc.runs.slice(0, 1) }, 3: 'eyrieDesign("AAAA");\n', 4: 'var nothing;\n' });
studyPage('designs', generatedStudy());

/** Opens the page at a design; its own scripts are no wrong, nor is the failure to find one. */
async function at(hash) {
  const one = await open(file);
  await one.page.evaluate((h) => { location.hash = h; }, hash);
  const wrongs = () => one.wrongs.filter((w) => !w.startsWith('request: file:') && !/^console: Failed to load resource: net::ERR_FILE_NOT_FOUND/.test(w));
  return { ...one, wrongs };
}

const ready = (page, title) => page.waitForFunction((t) => document.querySelector('h1')?.textContent.startsWith(t), title);

test('a design’s report is the ordinary one of all its runs, with a way back', async () => {
  const { page, wrongs, close } = await at('1');
  await ready(page, 'design 1 <0>');
  assert.equal(await page.title(), 'Design 1 - Eyrie');
  assert.equal(await page.locator('h1').innerText(), 'design 1 <0> · design 1 <1>');
  const ids = await page.$$eval('main section', (all) => all.map((s) => s.id));
  for (const id of ['summary', 'compare', 'layers', 'energy', 'traffic']) assert.ok(ids.includes(id), id);
  assert.equal(await page.locator('.failing').count(), 0);
  assert.equal(await page.locator('.back a').getAttribute('href'), '../study.html#design-1');
  await page.locator('.back a').click();
  await page.waitForFunction(() => document.querySelector('#design-title')?.textContent === 'Design 1' && document.querySelector('#designs .over circle'));
  assert.deepEqual(wrongs(), []);
  await close();
});

test('the address may name a section; links to sections keep the design', async () => {
  const { page, wrongs, close } = await at('1/energy');
  await ready(page, 'design 1 <0>');
  await page.waitForFunction(() => Math.abs(document.getElementById('energy').getBoundingClientRect().top) < 60);
  const links = await page.$$eval('nav a', (all) => all.map((a) => a.getAttribute('href')));
  assert.ok(links.every((l) => l.startsWith('#1/')), links.join());
  await page.locator('nav a[href="#1/summary"]').click();
  await page.waitForFunction(() => Math.abs(document.getElementById('summary').getBoundingClientRect().top) < 300);
  await page.reload({ waitUntil: 'load' });
  await ready(page, 'design 1 <0>');
  assert.equal(new URL(page.url()).hash, '#1/summary');
  assert.deepEqual(wrongs(), []);
  await close();
});

test('another address shows the other design, back and forth', async () => {
  const { page, wrongs, close } = await at('1');
  await ready(page, 'design 1 <0>');
  await page.evaluate(() => { location.hash = '2'; });
  await ready(page, 'tiny');
  assert.equal(await page.title(), 'Design 2 - Eyrie');
  assert.ok(await page.locator('#energy svg').first().isVisible());
  await page.goBack();
  await ready(page, 'design 1 <0>');
  await page.evaluate(() => { location.hash = '2'; location.hash = '1'; location.hash = '2'; });
  await ready(page, 'tiny');
  await page.locator('aside').getByText('Dark').click();
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  assert.equal(await page.locator('h1').count(), 1);
  assert.deepEqual(wrongs(), []);
  await close();
});

test('a design that is absent, damaged or empty, and an address without one, say so and lead back', async () => {
  const { page, wrongs, close } = await at('99');
  for (const [hash, what] of [['99', /There is no 99\.js beside this page/], ['3', /damaged/], ['4', /holds no report/], ['nothing', /report\.html#12/]]) {
    await page.evaluate((h) => { location.hash = h; }, hash);
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector('[role=alert]')?.textContent ?? ''), what.source);
    assert.match(await page.locator('.back a').getAttribute('href'), /^\.\.\/study\.html(#design-\d+)?$/);
  }
  await page.evaluate(() => { location.hash = '2'; });
  await ready(page, 'tiny');
  assert.deepEqual(wrongs(), []);
  await close();
});

test('the study’s page leads to its designs', async () => {
  const { page, close } = await open(pathToFileURL(file).pathname.replace('designs/report.html', 'study.html'));
  await page.locator('#designs .chart-scroll').focus();
  await page.keyboard.press('ArrowRight');
  const href = await page.locator('.design .open').getAttribute('href');
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')]);
  await page.waitForFunction(() => document.querySelector('[role=alert], h1'));
  assert.ok(page.url().endsWith(href), page.url());
  await close();
});
