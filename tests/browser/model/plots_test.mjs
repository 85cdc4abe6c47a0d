/** Roofline, baselines, heat map, loop nest, scenarios. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { besideModel } from '../../../report/web/src/model/beside.js';
import { heatmapModel } from '../../../report/web/src/model/heatmap.js';
import { levelsOf, nestModel, nestText } from '../../../report/web/src/model/nest.js';
import { rooflineModel } from '../../../report/web/src/model/roofline.js';
import { readRuns } from '../../../report/web/src/model/runs.js';
import { bigLittleOptions, offloadCuts, offloadOptions } from '../../../report/web/src/model/scenarios.js';
import { roofLine } from '../../../report/web/src/charts/roofline.js';
import { diagonals } from '../../../report/web/src/charts/beside.js';
import { answer, bare, documentOf } from '../support/data.mjs';
import { barsOption, roomFor } from '../../../report/web/src/charts/bars.js';

const doc = documentOf(['alexnet', 'kws_diannao']);  // as it is, and without all that a result may lack
doc.runs[1].result = bare(doc.runs[1].result);
const runs = readRuns(doc);
const close = (a, b) => assert.ok(Math.abs(a - b) <= 1e-9 * Math.abs(b), `${a} is not ${b}`);

test('a point lies at operations per DRAM byte and GOP/s, under its roof', () => {
  const [roofed, flat] = rooflineModel(runs);
  const conv1 = runs[0].layers[0];
  const point = roofed.points.find((p) => p.name === 'conv1');
  close(point.intensity, conv1.ops / conv1.dram_bytes.total);
  assert.equal(point.gops, conv1.gops);
  assert.deepEqual(roofed.peak, { gops: 67.2, origin: 'peak of the architecture' });
  close(roofed.bandwidth, 0.48);
  close(roofed.ridge, 67.2 / 0.48);
  const fc6 = roofed.points.find((p) => p.name === 'fc6');
  assert.equal(fc6.bound, 'DRAM bandwidth');
  close(fc6.roof, 0.48 * fc6.intensity);
  assert.deepEqual(roofed.left, ['pool1', 'pool2', 'pool5']);
  assert.equal(flat.bandwidth, null);
  close(flat.peak.gops, (2 * 256 * 980) / 1e3);
  assert.equal(flat.peak.origin, '2 × 256 PEs × 980 MHz');
  for (const p of [...roofed.points, ...flat.points]) assert.ok(p.share > 0 && p.share <= 1.0001, `${p.name} is at ${p.share} of its roof`);
});

test('a roof rises with the bandwidth up to the ridge and is flat from there', () => {
  const span = { left: 0.1, right: 1000, low: 0.1, high: 100 };
  assert.deepEqual(roofLine({ peak: { gops: 50 }, bandwidth: 2, ridge: 25 }, span), [[0.1, 0.2], [25, 50], [1000, 50]]);
  assert.deepEqual(roofLine({ peak: { gops: 50 }, bandwidth: null, ridge: null }, span), [[0.1, 50], [1000, 50]]);
});

test('baselines lie at rate over efficiency; those without power are named', () => {
  const { ours, others, unplotted } = besideModel(runs);
  assert.deepEqual(ours.map((p) => p.basis), ['with DRAM', 'chip only', 'with DRAM', 'chip only']);
  for (const p of ours) close(p.gops / p.watts / 1e3, p.efficiency);
  for (const b of others) close(b.gops / b.watts, b.gops_per_w);
  assert.ok(others.length >= 3);
  assert.ok(unplotted.every((b) => b.gops_per_w === null) && unplotted.some((b) => b.name === 'raspberry_pi_4'));
});

test('a line of equal efficiency joins points whose rate over power is equal', () => {
  const lines = diagonals({ left: 0.01, right: 10, low: 0.1, high: 1000 });
  assert.ok(lines.length >= 4);
  for (const line of lines) for (const [watts, gops] of line.points) {
    close(gops / watts / 1e3, line.efficiency);
    assert.ok(watts >= 0.00999 && watts <= 10.01 && gops >= 0.0999 && gops <= 1001);
  }
});

test('a PE’s utilisation is its MACs over the cycles of its layer', () => {
  const model = heatmapModel({ cycles: 10, pe_macs: [[10, 5], [0, 1]] });
  assert.deepEqual(model.cells, [[0, 0, 1, 10], [1, 0, 0.5, 5], [0, 1, 0, 0], [1, 1, 0.1, 1]]);
  assert.deepEqual([model.rows, model.columns, model.highest, model.mean, model.idle], [2, 2, 1, 0.4, 1]);
  assert.equal(heatmapModel({ cycles: 10 }), null);
  assert.equal(heatmapModel(runs[1].layers[0]), null);
});

test('in layers without MACs a PE counts operations', () => {
  const slots = (name) => heatmapModel(runs[0].layers.find((l) => l.name === name)).slots;
  assert.deepEqual([slots('conv1'), slots('pool1')], ['MACs', 'operations']);
});

test('what a result says of its PEs sums to the MACs of the layer', () => {
  for (const name of ['alexnet', 'kws_shidiannao'])
    for (const layer of answer(name).layers.filter((l) => l.macs > 0)) {
      const model = heatmapModel(layer);
      assert.equal(model.cells.reduce((sum, c) => sum + c[3], 0), layer.macs, `${name} ${layer.name}`);
      assert.ok(model.highest <= 1, `${name} ${layer.name}`);
    }
});

test('a large array is drawn in squares that keep its MACs', () => {
  const macs = Array.from({ length: 100 }, (_, r) => Array.from({ length: 131 }, (_, c) => (r * c) % 7));
  const model = heatmapModel({ cycles: 10, pe_macs: macs });
  const all = macs.flat();
  assert.deepEqual([model.side, model.rows, model.columns, model.pes], [2, 50, 66, 13100]);
  assert.equal(model.cells.reduce((sum, c) => sum + c[3], 0), all.reduce((a, b) => a + b, 0));
  assert.deepEqual(model.cells.at(-1), [65, 49, (macs[98][130] + macs[99][130]) / 20, macs[98][130] + macs[99][130]]);
  assert.equal(model.highest, 0.6);
  assert.equal(model.idle, all.filter((n) => n === 0).length);
});

test('a nest keeps its order, marks spatial loops and names the last smaller turn', () => {
  const loop = (level, dimension, factor, kind, more = {}) => ({ level, dimension, factor, kind, ...more });
  const nest = nestModel({ loop_nest: [loop('dram', 'M', 3, 'temporal', { step: 2, remainder: 1 }), loop('glb', 'C', 4, 'temporal'), loop('pe_array', 'R', 3, 'spatial_y'), loop('filter_spad', 'S', 3, 'temporal')] });
  assert.deepEqual(levelsOf(nest), ['dram', 'glb', 'pe_array', 'filter_spad']);
  assert.equal(nest[0].text, 'for M in 0 … 2, 2 at a time, the last 1');
  assert.equal(nest[2].text, 'parallel for R in 0 … 2');
  assert.deepEqual(nest.map((l) => l.spatial), [null, null, 'y', null]);
});

test('the loops of every layer cover its MACs; a result without loops shows its mapping', () => {
  for (const layer of runs[0].layers) {
    const nest = nestModel(layer);
    assert.deepEqual(nest.map((l) => [l.level, l.dimension, l.factor]), layer.loop_nest.map((l) => [l.level, l.dimension, l.factor]), layer.name);
    assert.ok(nest.some((l) => l.spatial) && nest.reduce((product, l) => product * l.factor, 1) >= layer.macs, layer.name);
    assert.equal(nestText(layer), layer.loop_text);
  }
  assert.equal(nestModel(runs[1].layers[0]), null);
  assert.match(nestText(runs[1].layers[0]), /nest:/);
});

test('parts of an offload sum to its energy and mean latency; cuts begin in the cloud and end on the device', () => {
  const s = answer('offload');
  for (const o of offloadOptions(s)) {
    close(o.energy.parts.reduce((a, p) => a + p.value, 0) || 1e-30, o.energy.total || 1e-30);
    close(o.latency.parts.reduce((a, p) => a + p.value, 0), o.latency.mean);
  }
  const cuts = offloadCuts(s);
  assert.deepEqual(cuts.map((c) => c.local), s.layers.map((_, i) => i).concat(s.layers.length));
  assert.equal(offloadOptions(s).filter((o) => o.best).length, 1);
});

test('a sweep of big and little runs from no share to all of it', () => {
  const s = answer('big_little');
  for (const o of bigLittleOptions(s)) {
    assert.equal(o.sweep[0].share, 0);
    assert.equal(o.sweep.at(-1).share, 1);
    assert.ok(o.sweep.every((f, i) => i === 0 || f.energy >= o.sweep[i - 1].energy));
  }
});

test('an axis has room for intervals, and a figure stands behind its own', () => {
  assert.equal(roomFor(1.14), 1.2);
  assert.equal(roomFor(0.73), 0.74);
  assert.equal(roomFor(20.1), 22);
  assert.equal(roomFor(0), undefined);
  const model = { names: ['a', 'b'], series: [{ name: 's', colour: '#000', values: [0.9, 0.5], intervals: [[0.6, 1.14], null] }] };
  const option = barsOption(model, 'TOP/W', 'efficiency')({ ink: '#000', soft: '#555' }, 800, new Set());
  assert.equal(option.xAxis.max, 1.2);
  const [bar] = option.series;
  assert.deepEqual(bar.data, [{ value: 0.9, label: { show: false } }, 0.5]);
  assert.equal(bar.markLine.data[0][0].label.formatter, '0.9');
  assert.equal(bar.markLine.data[0][1].coord[0], 1.14);
  assert.equal(barsOption(model, 'TOP/W', 'efficiency')({ ink: '#000', soft: '#555' }, 800, new Set(['s'])).xAxis.max, undefined);
});
