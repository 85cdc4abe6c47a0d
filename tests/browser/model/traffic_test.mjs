/** Flows of the Sankey diagram are counted bytes, on every kind of machine. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { readRuns } from '../../../report/web/src/model/runs.js';
import { trafficModel } from '../../../report/web/src/model/traffic.js';
import { documentOf } from '../support/data.mjs';

const runs = readRuns(documentOf(['alexnet', 'kws', 'kws_diannao', 'kws_shidiannao', 'resnet8_tpu', 'resnet8_v2']));
const bytes = (layer, component, tensor, action) => layer.counts.find((c) => c.component === component && c.tensor === tensor && c.action === action)?.bytes ?? 0;
const bare = (id) => id.replace(/^(in|out): /, '');

test('every flow of every layer is a count of the result, and no count is drawn twice', () => {
  for (const run of runs)
    for (const whole of [true, false])
      for (const layer of run.layers) {
        const seen = new Set();
        for (const f of trafficModel(run, { layer: layer.name, whole }).flows) {
          assert.equal(f.bytes, bytes(layer, f.component, f.tensor, f.action), `${run.label} ${layer.name} ${f.source} → ${f.target}`);
          const through = f.action === 'send';  // what a network collects stands before and behind it
          const key = `${f.component} ${f.tensor} ${f.action}${through ? f.source : ''}`;
          assert.ok(!seen.has(key), `${run.label} ${layer.name}: ${key} twice`);
          seen.add(key);
        }
      }
});

test('all that leaves or reaches DRAM is drawn', () => {
  for (const run of runs)
    for (const layer of run.layers) {
      const { flows } = trafficModel(run, { layer: layer.name, whole: false });
      const leaves = flows.filter((f) => bare(f.source) === 'dram').reduce((s, f) => s + f.bytes, 0);
      const read = layer.counts.filter((c) => c.component === 'dram' && c.action === 'read').reduce((s, c) => s + c.bytes, 0);
      assert.equal(leaves, read, `${run.label} ${layer.name} reads`);
      const wrote = layer.counts.some((c) => c.component === 'dram' && c.action === 'write');
      assert.equal(flows.some((f) => bare(f.target) === 'dram'), wrote, `${run.label} ${layer.name} writes`);
    }
});

test('all that networks deliver and links hand on is drawn', () => {
  for (const run of runs)
    for (const layer of run.layers) {
      const { flows } = trafficModel(run, { layer: layer.name, whole: true });
      for (const c of layer.counts.filter((x) => ['deliver', 'hop'].includes(x.action)))
        assert.equal(flows.filter((f) => f.component === c.component && f.action === c.action && f.tensor === c.tensor).length, 1, `${run.label} ${layer.name} ${c.component}`);
    }
});

test('all layers together are the sum of the layers', () => {
  for (const run of runs) {
    const sum = new Map();
    for (const layer of run.layers)
      for (const f of trafficModel(run, { layer: layer.name, whole: true }).flows) {
        const key = `${f.source} ${f.target} ${f.tensor}`;
        sum.set(key, (sum.get(key) ?? 0) + f.bytes);
      }
    const all = trafficModel(run, { whole: true });
    assert.equal(all.flows.length, sum.size);
    for (const f of all.flows) assert.equal(f.bytes, sum.get(`${f.source} ${f.target} ${f.tensor}`));
  }
});

test('flows go from left to right, so that the diagram has no circle', () => {
  for (const run of runs)
    for (const whole of [true, false]) {
      const model = trafficModel(run, { whole });
      const depth = new Map(model.nodes.map((n) => [n.id, n.depth]));
      for (const f of model.flows) {
        const inside = bare(f.source) !== bare(f.target) && depth.get(f.source) <= depth.get(f.target);
        assert.ok(inside, `${run.label}: ${f.source} → ${f.target}`);
        if (depth.get(f.source) === depth.get(f.target)) assert.fail(`${run.label}: ${f.source} and ${f.target} share a column`);
      }
    }
});

test('conv2 of AlexNet: coded words leave DRAM, decoded ones reach the buffer', () => {
  const { flows } = trafficModel(runs[0], { layer: 'conv2', whole: false });
  const of = (source, target) => flows.find((f) => f.source === source && f.target === target && f.tensor === 'input')?.bytes;
  const conv2 = runs[0].layers.find((l) => l.name === 'conv2');
  assert.equal(of('in: dram', 'in: rlc'), conv2.dram_bytes.input);
  assert.equal(of('in: rlc', 'in: glb'), conv2.glb_dram_side_bytes.input);
  assert.equal(of('in: glb', 'in: ifmap_gin'), conv2.glb_bytes.input);
  assert.ok(conv2.dram_bytes.input < conv2.glb_dram_side_bytes.input);
});
