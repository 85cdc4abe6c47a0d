/** Dark and light, phones, paper. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { use } from './pages.mjs';

/** Relative luminance of a CSS colour of the page. */
const luminances = (page) => page.evaluate(() => {
  const channel = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const of = (colour) => { const [r, g, b] = colour.match(/[\d.]+/g).map(Number); return 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255); };
  const probe = document.createElement('span');
  document.body.append(probe);
  const text = document.querySelector('#energy svg text').getAttribute('fill');
  probe.style.color = text;
  const all = { paper: of(getComputedStyle(document.body).backgroundColor), ink: of(getComputedStyle(document.body).color), chart: of(getComputedStyle(probe).color) };
  probe.remove();
  return all;
});
const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

test('dark follows the system and the choice of the reader; charts follow too', async () => {
  const { page } = await use('tiny', { colorScheme: 'dark' });
  const check = async (dark) => {
    await page.waitForFunction((theme) => document.documentElement.dataset.theme === theme, dark ? 'dark' : 'light');
    const l = await luminances(page);
    assert.equal(l.paper < 0.1, dark);
    assert.ok(contrast(l.paper, l.ink) >= 7 && contrast(l.paper, l.chart) >= 4.5, JSON.stringify(l));
  };
  await check(true);
  await page.locator('aside').getByText('Light').click();
  await check(false);
  await page.locator('aside').getByText('Dark').click();
  await check(true);
  await page.locator('aside').getByText('Auto').click();
  await page.emulateMedia({ colorScheme: 'light' });
  await check(false);
});

for (const name of ['alexnet', 'resnet50', 'edge'])
  test(`${name} on a phone: nothing sticks out of 360 pixels`, async () => {
    const { page } = await use(name, { viewport: { width: 360, height: 740 } });
    await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= 360, `${wide} pixels`);
    const out = await page.$$eval('main section > *', (all) => all.filter((e) => e.getBoundingClientRect().right > 360.5).map((e) => `${e.parentElement.id}: ${e.className}`));
    assert.deepEqual(out, []);
  });

test('a narrower window redraws charts to its width', async () => {
  const { page } = await use('tiny');
  const width = () => page.locator('#energy svg').evaluate((s) => s.getBoundingClientRect().width);
  const before = await width();
  await page.setViewportSize({ width: 700, height: 800 });
  await page.waitForFunction((w) => document.querySelector('#energy svg').getBoundingClientRect().width < w, before);
});

test('on paper everything is light, unfolded to its height, and as wide as the sheet', async () => {
  const { page } = await use('resnet50', { colorScheme: 'dark' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  const state = await page.evaluate(() => ({
    theme: document.documentElement.dataset.theme, widths: [...document.querySelectorAll('.canvas')].filter((c) => c.closest('.chart').hidden === false).map((c) => parseFloat(c.style.width)),
    cut: [...document.querySelectorAll('.chart-scroll')].filter((c) => !c.closest('.chart').hidden && c.scrollHeight > c.clientHeight + 1).length, tools: document.querySelector('.toolbar').getBoundingClientRect().height,
  }));
  assert.equal(state.theme, 'light');
  assert.ok(state.widths.every((w) => w <= 700), state.widths.join());
  assert.equal(state.cut, 0);
  assert.equal(state.tools, 0);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
});

test('the page prints', async () => {
  const { page } = await use('tiny');
  assert.ok((await page.pdf({ format: 'A4' })).length > 50_000);
});
