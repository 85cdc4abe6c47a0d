/** Every control does what it says, on every page. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { shown, sortAll } from '../support/tables.mjs';
import { use } from './pages.mjs';

/**
 * Uses all radios, lists, legend buttons and details, each by its own event, and tells how many there were. Lists of
 * the runs are one choice in many places: the first goes through all runs, the others must have gone with it.
 */
function useAll(page) {
  return page.evaluate(() => {
    const used = { radios: 0, options: 0, legends: 0, details: 0 };
    for (const d of document.querySelectorAll('details')) {
      const was = d.open;
      for (const open of [!was, was]) {
        d.querySelector('summary').click();
        if (d.open !== open) throw new Error(`${d.textContent.slice(0, 30)} does not unfold`);
      }
      ++used.details;
    }
    const lists = () => [...document.querySelectorAll('select')];
    const ofRuns = () => lists().filter((s) => s.labels[0].textContent === 'Run, in all sections');
    const choose = (select, value) => { select.value = value; select.dispatchEvent(new Event('change')); ++used.options; };
    const ways = (select) => { const values = [...select.options].map((o) => o.value); return [...values.slice(1, 6), values.at(-1), values[0]]; };
    const runs = ofRuns().length;
    for (let i = 0; i < runs; ++i)
      for (const v of i ? [i % ofRuns()[i].options.length] : ways(ofRuns()[i])) {
        choose(ofRuns()[i], String(v));
        if (ofRuns().some((s) => s.value !== String(v))) throw new Error(`a list of runs does not go along to ${v}`);
      }
    if (runs) choose(ofRuns()[0], '0');
    lists().forEach((select, i) => { if (!ofRuns().includes(select)) for (const v of ways(select)) choose(lists()[i], v); });
    for (const radio of document.querySelectorAll('input[type=radio]')) { radio.click(); ++used.radios; }
    const legends = document.querySelectorAll('.legend button').length;
    for (let i = 0; i < 2 * legends; ++i) {
      const button = document.querySelectorAll('.legend button')[i >> 1];
      const before = button.getAttribute('aria-pressed');
      button.click();
      if (document.querySelectorAll('.legend button')[i >> 1].getAttribute('aria-pressed') === before) throw new Error(`${button.textContent} did not toggle`);
      ++used.legends;
    }
    return used;
  });
}

for (const name of ['alexnet', 'resnet50', 'edge'])
  test(`${name}: every radio, list, legend and unfolding works without an error; every table sorts`, async () => {
    const { page, wrongs } = await use(name);
    const used = await useAll(page);
    assert.ok(used.radios >= 14 && used.options >= 15 && used.legends >= 30 && used.details >= 8, JSON.stringify(used));
    const { clicked, wrong } = await sortAll(page);
    assert.deepEqual(wrong, []);
    assert.ok(clicked > 200, `${clicked} headers`);
    assert.deepEqual(wrongs, []);
  });

test('the toggles of energy change parts, measure and memory', async () => {
  const { page, doc } = await use('alexnet');
  const layers = doc.runs[0].result.layers.filter((l) => l.place === 'machine');
  const energy = page.locator('#energy');
  await energy.getByText('by tensor').click();
  await energy.getByText('share', { exact: true }).click();
  const shares = await shown(page, 'Energy by tensor');
  assert.ok(shares.columns.some((c) => c.startsWith('weight')));
  for (const row of shares.rows) assert.ok(Math.abs(Number(row.at(-1).full) - 100) < 1e-9);
  await energy.getByText('pJ per op').click();
  await energy.getByText('chip only').click();
  const perOp = await shown(page, 'Energy by tensor');
  const withOps = layers.filter((l) => l.ops > 0);
  assert.equal(perOp.rows.length, withOps.length);
  withOps.forEach((l, i) => assert.ok(Math.abs(Number(perOp.rows[i].at(-1).full) / l.energy_per_op_chip_pj - 1) < 1e-9, l.name));
  assert.match(await energy.innerText(), /not drawn: pool1, pool2, pool5/);
  await energy.getByText('by confidence').click();
  assert.ok((await shown(page, 'Energy by confidence', '#energy')).columns.some((c) => c.startsWith('derived')));
});

test('a hidden part leaves the bars, and comes back', async () => {
  const { page } = await use('tiny');
  const ends = () => page.$$eval('#energy svg text', (all) => all.map((t) => t.textContent).join(' '));
  const whole = await ends();
  const dram = page.locator('#energy .legend button', { hasText: /^dram$/ });
  await dram.click();
  assert.equal(await dram.getAttribute('aria-pressed'), 'false');
  assert.notEqual(await ends(), whole);
  await dram.click();
  assert.equal(await ends(), whole);
});

test('a choice of run changes all sections together', async () => {
  const { page, doc } = await use('edge');
  await page.locator('#traffic select').first().selectOption('1');
  const values = await page.$$eval('select', (all) => all.filter((s) => s.options[0].value === '0').map((s) => s.value));
  assert.ok(values.length >= 7 && values.every((v) => v === '1'), values.join());
  const layers = await shown(page, `Layers of ${doc.runs[1].label}`);
  assert.equal(layers.rows.length, doc.runs[1].result.layers.length);
  assert.match(await page.locator('#traffic svg').innerText().catch(() => page.locator('#traffic svg').textContent()), /nbin_bus/);
});

test('the layer and the way of the traffic can be chosen', async () => {
  const { page, doc } = await use('alexnet');
  await page.locator('#traffic select').selectOption('conv3');
  await page.locator('#traffic').getByText('DRAM to MACs').click();
  const { rows } = await shown(page, 'Traffic in conv3');
  const conv3 = doc.runs[0].result.layers.find((l) => l.name === 'conv3');
  for (const [, , tensor, size, component, action] of rows) {
    const count = conv3.counts.find((c) => c.component === component.text && c.tensor === tensor.text && c.action === action.text);
    assert.equal(Number(size.full), count.bytes, `${component.text} ${action.text}`);
  }
  assert.ok(rows.some((r) => r[4].text === 'filter_spad'));
});

test('copying a table gives every digit, as it is sorted', async () => {
  const { page, doc } = await use('alexnet');
  const table = page.locator('#layer-table');
  await table.locator('.sort', { hasText: 'cycles' }).click();
  await table.locator('.copy').click();
  await table.getByText('Copied').waitFor();
  const lines = (await page.evaluate(() => navigator.clipboard.readText())).trimEnd().split('\n').map((l) => l.split('\t'));
  const layers = doc.runs[0].result.layers.filter((l) => l.place === 'machine').sort((a, b) => b.cycles - a.cycles);
  assert.equal(lines[0][2], 'MACs (M)');
  layers.forEach((l, i) => assert.deepEqual([lines[i + 1][0], Number(lines[i + 1][3]), Number(lines[i + 1][4])], [l.name, l.cycles, l.latency_ms]));
  assert.equal(Number(lines.at(-1)[4]), doc.runs[0].result.totals.latency_ms);
  await page.locator('#again .command .copy').click();
  await page.locator('#again').getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), doc.runs[0].result.command);
});
