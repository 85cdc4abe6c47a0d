/** Every number shown is the one in the JSON. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { figure, intervalText, percent } from '../../../report/web/src/model/format.js';
import { shown } from '../support/tables.mjs';
import { look, use } from './pages.mjs';

const machine = (result) => result.layers.filter((l) => l.place === 'machine');

function same(cell, value, what, text = figure) {
  const wanted = value === null || value === undefined ? '–' : text(value);
  assert.equal(cell.text, wanted, what);
  if (typeof value === 'number') assert.equal(Number(cell.full), value, what);
}

const near = (cell, value, what) => assert.ok(Math.abs(Number(cell.full) - value) <= 1e-9 * Math.max(1e-9, Math.abs(value)), `${what}: ${cell.full} is not ${value}`);

test('the summary of AlexNet: cards and all figures', async () => {
  const { page, doc } = await look('alexnet');
  const t = doc.runs[0].result.totals;
  const card = async (name) => (await page.locator('.card', { has: page.locator(`dt:text-is("${name}")`) }).locator('.value').innerText());
  assert.equal(await card('Latency of the run'), figure(t.latency_ms));
  assert.equal(await card('Energy per inference, with DRAM'), figure(t.energy_per_inference_uj / 1e3));
  assert.match(await page.locator('.card', { hasText: 'Energy per inference, with DRAM' }).innerText(), /mJ/);
  assert.equal(await card('Efficiency, chip only'), figure(t.tops_per_w_chip));
  const range = await page.locator('.card', { hasText: 'Efficiency, with DRAM' }).locator('.range').innerText();
  assert.equal(range, `between ${figure(t.tops_per_w_interval[0], 3)} – ${figure(t.tops_per_w_interval[1], 3)}`);
  const { rows } = await shown(page, 'All figures of the run');
  const of = (name) => rows.find((r) => r[0].text === name)[2];
  same(of('Cycles'), t.cycles, 'cycles');
  same(of('Power, chip only'), t.power_chip_mw, 'power');
  same(of('Wrong ofmap words'), t.functional.mismatches, 'wrong words');
  same(of('DRAM traffic per inference'), t.dram_bytes.total / 4 / 1e3, 'traffic');
  assert.ok(rows.every((r) => r[1].text && r[3].text), 'unit and origin');
});

test('the table of runs: each value, and the best marked in words', async () => {
  const { page, doc } = await look('edge');
  const { columns, rows } = await shown(page, 'Runs side by side');
  assert.equal(columns.length, 3 + doc.runs.length);
  const row = (name) => rows.find((r) => r[0].text === name).slice(2, 5);
  doc.runs.forEach(({ result: { totals: t } }, i) => {
    same(row('Efficiency, with DRAM')[i], t.tops_per_w, 'efficiency');
    same(row('Latency of the run')[i], t.latency_ms, 'latency');
  });
  const values = doc.runs.map((r) => r.result.totals.tops_per_w);
  const area = doc.runs.findIndex((r) => !r.result.area.complete);
  assert.equal(row('Area of the chip')[area].text, `at least ${figure(doc.runs[area].result.area.total_mm2)}`);
  assert.equal(Number(row('Area of the chip')[area].full), doc.runs[area].result.area.total_mm2);
  const marks = await page.$$eval('#metrics tbody tr', (all) => all.filter((r) => r.cells[0].textContent === 'Efficiency, with DRAM').map((r) => [...r.cells].slice(2, 5).map((c) => c.querySelector('.mark')?.textContent ?? '')));
  assert.deepEqual(marks[0], values.map((v) => (v === Math.max(...values) ? '★ best' : '')));
  const areas = await page.$$eval('#metrics tbody tr', (all) => all.filter((r) => r.cells[0].textContent === 'Area of the chip').map((r) => r.querySelectorAll('.mark').length));
  assert.deepEqual(areas, [0]);
});

test('layers, targets, prices and baselines of AlexNet', async () => {
  const { page, doc } = await look('alexnet');
  const { result } = doc.runs[0];
  const layers = await shown(page, 'Layers of alexnet');
  assert.deepEqual(layers.rows.map((r) => r[0].text), result.layers.map((l) => l.name));
  result.layers.forEach((l, i) => {
    const on = l.place === 'machine';
    same(layers.rows[i][3], on ? l.cycles : null, l.name);
    same(layers.rows[i][6], on ? l.utilization : null, l.name, percent);
    same(layers.rows[i][8], on ? l.energy_pj.total / 1e6 : null, l.name);
    same(layers.rows[i][12], on && l.ops ? l.tops_per_w : null, l.name);
    assert.equal(layers.rows[i].at(-1).text, on ? '' : `host: ${l.reason}`);
  });
  same(layers.total[3], result.totals.cycles, 'all');
  const [target] = (await shown(page, 'Targets')).rows;
  same(target[4], result.targets[0].ours, 'target');
  assert.equal(target[7].text, result.targets[0].met ? 'met' : 'missed');
  const prices = await shown(page, `Prices of ${result.energy_table.name}`);
  result.energy_table.prices.forEach((p, i) => {
    same(prices.rows[i][2], p.energy_pj, p.component);
    same(prices.rows[i][6], p.charged_pj / result.totals.energy_pj.total, p.component, percent);
    assert.deepEqual([prices.rows[i][7].text, prices.rows[i][8].text], [p.confidence, p.source]);
  });
  const beside = await shown(page, 'One inference of our network');
  result.baselines.forEach((b, i) => [b.latency_ms, b.energy_per_inference_uj, b.speedup, b.energy_ratio, b.energy_ratio_chip].forEach((v, k) => same(beside.rows[i][2 + k], v, b.name)));
});

test('energy and cycles of every layer: parts, sums, and the sums at the ends of the bars', async () => {
  for (const name of ['alexnet', 'resnet50']) {
    const { page, doc } = await use(name);
    const { result } = doc.runs[0];
    const energy = await shown(page, 'Energy by component');
    const sum = energy.columns.findIndex((c) => c.startsWith('sum'));
    const factor = energy.columns[sum].includes('mJ') ? 1e9 : energy.columns[sum].includes('µJ') ? 1e6 : NaN;
    machine(result).forEach((l, i) => {
      assert.equal(energy.rows[i][0].text, l.name);
      near(energy.rows[i][sum], l.energy_pj.total / factor, l.name);
      l.energy_pj.interval.forEach((v, end) => near(energy.rows[i][sum + 1 + end], v / factor, `${l.name} interval`));
      energy.columns.slice(1, sum).forEach((c, k) => near(energy.rows[i][k + 1], (l.energy_pj.by_component[c.split(' (')[0]] ?? 0) / factor, `${l.name} ${c}`));
    });
    near(energy.total[sum], result.totals.energy_pj.total / factor, 'all');
    const texts = await page.$$eval('#energy svg text', (all) => all.map((t) => t.textContent));
    for (const l of machine(result)) assert.ok(texts.includes(figure(l.energy_pj.total / factor)), `${l.name} at the end of its bar`);
    await page.locator('#cycles').getByText('absolute').click();
    const cycles = await shown(page, 'PE-cycles by cause');
    const scale = /\(([kMG]) PE-cycles\)/.exec(cycles.columns.at(-1))[1];
    const per = { k: 1e3, M: 1e6, G: 1e9 }[scale];
    machine(result).forEach((l, i) => near(cycles.rows[i].at(-1), (l.cycles * result.architecture.pes) / per, l.name));
  }
});

test('the heat map, the loop nest, the area and what is not modelled', async () => {
  const { page, doc } = await use('alexnet');
  const { result } = doc.runs[0];
  for (const [name, slots] of [['conv1', 'MACs'], ['pool1', 'operations']]) {
    await page.locator('#array select').selectOption(name);
    const pes = await shown(page, `PEs in ${name}`);
    assert.equal(pes.rows.length, result.architecture.pes);
    assert.ok(pes.columns[2].startsWith(slots), pes.columns[2]);
    const layer = result.layers.find((l) => l.name === name);
    pes.rows.forEach(([r, c, count]) => assert.equal(Number(count.full), layer.pe_macs[Number(r.full)][Number(c.full)]));
  }
  const loops = await page.$$eval('.nest li', (all) => all.map((l) => [l.querySelector('code').textContent.replace(/,.*$/, ''), l.classList.contains('spatial')]));
  assert.deepEqual(loops, result.layers[0].loop_nest.map((l) => [`${l.kind === 'temporal' ? 'for' : 'parallel for'} ${l.dimension} in 0 … ${l.factor - 1}`, l.kind !== 'temporal']));
  const area = await shown(page, 'Area of alexnet');
  assert.deepEqual(area.columns.map((c) => c.split(' ')[0]), ['component', 'part', 'area', 'instances', 'origin', 'confidence', 'source', 'note']);
  assert.ok((await page.locator('#area').innerText()).includes(`alexnet: 12.25 mm² (between ${intervalText(result.area.interval_mm2)}) for the chip`));
  result.area.components.forEach((c, i) => {
    same(area.rows[i][2], c.area_mm2, c.component);
    assert.equal(area.rows[i][4].text, c.origin);
  });
  assert.deepEqual(await page.$$eval('#limits li', (all) => all.map((l) => l.textContent)), result.not_modelled);
  const sources = await shown(page, 'Energy by source');
  const factor = sources.columns[1].includes('mJ') ? 1e9 : NaN;
  const notes = await page.$$eval('[data-caption="Energy by source"] .cell-note', (all) => all.map((n) => n.textContent));
  sources.rows.forEach(([name, energy], i) => {
    near(energy, result.totals.energy_pj.by_source[name.text] / factor, name.text);
    assert.equal(notes[i], intervalText(result.totals.energy_pj.interval_by_source[name.text], factor));
  });
});

test('a result without loops, PEs and area shows what it has', async () => {
  const { page, doc } = await look('bare');
  assert.match(await page.locator('#array').innerText(), /does not say how many MACs each PE did; its mapping gives work to \d+ of 168 PEs in conv1\./);
  assert.equal((await page.locator('#mapping pre').first().innerText()).trim(), doc.runs[0].result.layers[0].mapping.trim());
  assert.match(await page.locator('#roofline').innerText(), /does not say the bandwidth of DRAM, so its roof is flat/);
  assert.equal(await page.locator('.card .range').count(), 0);
  assert.equal(await page.locator('#limits li').count(), 0);
});

test('several runs: areas that lack parts, what is not modelled by run, baselines brought to our node', async () => {
  const { page, doc } = await look('edge');
  const lacking = doc.runs.find((r) => !r.result.area.complete);
  assert.match(await page.locator('#area').innerText(), new RegExp(`${lacking.label}: at least ${figure(lacking.result.area.total_mm2).replace('.', '\\.')} mm² \\(the parts with a figure: between`));
  const parts = await shown(page, `Area of ${lacking.label}`);
  const origins = parts.rows.map((r) => r[parts.columns.indexOf('origin')].text);
  assert.deepEqual(origins, lacking.result.area.components.map((c) => c.origin));
  const heads = await page.$$eval('#limits h3', (all) => all.map((e) => [e.textContent, [...e.nextElementSibling.children].map((l) => l.textContent)]));
  assert.equal(heads[0][0], 'In all runs');
  for (const { label, result } of doc.runs) {
    const own = heads.find(([name]) => name === label)?.[1] ?? [];
    assert.deepEqual([...heads[0][1], ...own].sort(), [...result.not_modelled].sort(), label);
  }
  const brought = doc.runs.flatMap((r) => r.result.baselines.filter((b) => b.normalised));
  const { rows } = await shown(page, 'Their energy in our node and at our supply, as if all of a system were logic; DRAM and boards do not scale so');
  assert.equal(rows.length, brought.length);
  brought.forEach((b, i) => {
    same(rows[i][4], b.normalised.factor, b.name);
    same(rows[i][6], b.normalised.energy_per_inference_uj, b.name);
    same(rows[i][7], b.normalised.energy_ratio, b.name);
  });
});

test('scenarios: choices, sweeps and figures', async () => {
  const { page, doc } = await look('edge');
  const [offload, little] = doc.scenarios.map((s) => s.scenario);
  const choices = await shown(page, `Choices of ${offload.name}`);
  offload.options.forEach((o, i) => {
    same(choices.rows[i][2], o.device_energy_uj.total, o.name);
    same(choices.rows[i][3], o.latency_ms.mean, o.name);
  });
  for (const b of little.big) {
    const sweep = await shown(page, `Sweep of ${b.name}`);
    b.sweep.forEach((f, i) => same(sweep.rows[i][1], f.device_energy_uj, b.name));
  }
  assert.equal((await shown(page, `Figures of ${offload.name}`)).rows.length, offload.figures.length);
});
