/** Parts sum to wholes: energy, cycles, prices. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { energyModel, energyPerInference } from '../../../report/web/src/model/energy.js';
import { cycleModel } from '../../../report/web/src/model/cycles.js';
import { byConfidence, bySource, priceRows } from '../../../report/web/src/model/prices.js';
import { readRuns } from '../../../report/web/src/model/runs.js';
import { bare, documentOf } from '../support/data.mjs';

const runs = readRuns(documentOf(['alexnet', 'kws', 'kws_diannao', 'kws_shidiannao', 'resnet8_tpu']));
const sum = (values) => values.reduce((a, b) => a + b, 0);

function near(ours, wanted, what) {
  assert.ok(Math.abs(ours - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted)), `${what}: ${ours} is not ${wanted}`);
}

test('every cut of a layer’s energy sums to its total, with and without DRAM', () => {
  for (const run of runs)
    for (const cut of ['component', 'tensor', 'confidence'])
      for (const dram of [true, false]) {
        const model = energyModel(run, { cut, measure: 'absolute', dram });
        assert.equal(model.rows.length, run.layers.length);
        model.rows.forEach((row, i) => {
          const e = run.layers[i].energy_pj;
          near(row.total, dram ? e.total : e.on_chip, `${run.label} ${row.name} ${cut}`);
          near(sum(row.values), row.total, `${run.label} ${row.name} values`);
        });
      }
});

test('parts by component and by tensor are those of the result', () => {
  for (const run of runs)
    for (const cut of ['component', 'tensor']) {
      const model = energyModel(run, { cut, measure: 'absolute', dram: true });
      model.rows.forEach((row, i) => {
        const given = run.layers[i].energy_pj[`by_${cut}`];
        for (const [name, pj] of Object.entries(given)) near(row.parts.get(name) ?? 0, pj, `${row.name} ${name}`);
      });
    }
});

test('shares sum to a hundred; energy per operation is the result’s; layers without operations are named', () => {
  for (const run of runs) {
    for (const row of energyModel(run, { cut: 'component', measure: 'share', dram: true }).rows) near(sum(row.values), 100, row.name);
    const model = energyModel(run, { cut: 'tensor', measure: 'per_op', dram: true });
    for (const row of model.rows) near(sum(row.values), run.layers.find((l) => l.name === row.name).energy_per_op_pj, row.name);
    assert.deepEqual(model.dropped, run.layers.filter((l) => l.ops === 0).map((l) => l.name));
    assert.ok(model.rows.length > 0);
  }
  assert.deepEqual(energyModel(runs[0], { cut: 'tensor', measure: 'per_op', dram: true }).dropped, ['pool1', 'pool2', 'pool5']);
});

test('energy per inference is that of the totals, over the batch', () => {
  const model = energyPerInference(runs);
  model.rows.forEach((row, i) => near(sum(row.values) * 1e-6, runs[i].result.totals.energy_per_inference_uj, row.name));
  assert.equal(runs[0].batch, 4);
  const chip = energyPerInference(runs, { cut: 'confidence', dram: false });
  chip.rows.forEach((row, i) => near(row.total * 1e-6, runs[i].result.totals.energy_per_inference_chip_uj, row.name));
});

test('causes sum to cycles times PEs, as counts and as shares', () => {
  for (const run of runs) {
    cycleModel(run, 'absolute').rows.forEach((row, i) => assert.equal(sum(row.values), run.layers[i].cycles * run.result.architecture.pes, row.name));
    for (const row of cycleModel(run, 'share').rows) near(sum(row.values), 100, row.name);
  }
});

test('what prices were charged sums to the energy, by confidence and by source too', () => {
  for (const run of runs) {
    const total = run.result.totals.energy_pj.total;
    near(sum(priceRows(run).map((p) => p.charged_pj)), total, run.label);
    for (const rows of [byConfidence(run), bySource(run)]) {
      near(sum(rows.map((r) => r.pj)), total, run.label);
      near(sum(rows.map((r) => r.share)), 1, run.label);
    }
  }
});

test('confidences as the result gives them win over those of the prices', () => {
  const [run] = readRuns(documentOf(['tiny']));
  run.result.totals.energy_pj.by_confidence = { measured: 3, assumed: 1 };
  assert.deepEqual(byConfidence(run).map((r) => [r.name, r.share]), [['measured', 0.75], ['assumed', 0.25]]);
});

test('intervals of the energy by source are the result’s; a result without them has none', () => {
  const doc = documentOf(['alexnet']);
  const given = doc.runs[0].result.totals.energy_pj.interval_by_source;
  const rows = bySource(readRuns(doc)[0]);
  assert.deepEqual(rows.map((r) => r.interval), rows.map((r) => given[r.name]));
  for (const r of rows) assert.ok(r.interval[0] <= r.pj && r.pj <= r.interval[1], r.name);
  doc.runs[0].result = bare(doc.runs[0].result);
  const without = bySource(readRuns(doc)[0]);
  assert.ok(without.length > 0 && without.every((r) => r.interval === null));
  near(sum(without.map((r) => r.pj)), sum(rows.map((r) => r.pj)), 'energy');
});
