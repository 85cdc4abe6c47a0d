/** Which figure is the best: only sound runs of the same work are compared, and only figures that are whole. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { areaText } from '../../../report/web/src/model/area.js';
import { figure } from '../../../report/web/src/model/format.js';
import { metricRows } from '../../../report/web/src/model/metrics.js';
import { best, doesAs, isSound, unranked } from '../../../report/web/src/model/ranking.js';
import { notModelled } from '../../../report/web/src/model/limits.js';
import { readRuns } from '../../../report/web/src/model/runs.js';
import { comparison, documentOf } from '../support/data.mjs';

const edge = () => readRuns(documentOf(['kws_edge']));
const row = (runs, key) => metricRows(runs).find((r) => r.key === key);
const starred = (runs, key) => row(runs, key).best.map((i) => runs[i].label);

/** Figures of the program's comparison, and what the page calls them. */
const SAME = {
  latency_ms: 'latency', inferences_per_s: 'rate', energy_per_inference_uj: 'energy', energy_per_inference_chip_uj: 'energy_chip', tops_per_w: 'efficiency',
  tops_per_w_chip: 'efficiency_chip', power_mw: 'power', power_chip_mw: 'power_chip', utilization: 'utilization', dram_bytes: 'dram',
};

test('the page marks what the program’s comparison marks', () => {
  const { figures, winners } = comparison('kws_edge');
  assert.deepEqual(figures.map((f) => f.name).sort(), Object.keys(SAME).sort());
  for (const { figure, runs } of winners) assert.deepEqual(starred(edge(), SAME[figure]), runs, figure);
  assert.equal(winners.length, figures.length);
});

test('equal figures are all best; a single one, or one without an end that is good, is not', () => {
  const [a, b, c] = edge();
  assert.deepEqual(best([a, b, c], [3, 1, 1], 'low'), [1, 2]);
  assert.deepEqual(best([a, b], [3, 1], 'high'), [0]);
  assert.deepEqual(best([a, b], [2, 2], 'low'), [0, 1]);
  assert.deepEqual(best([a, b], [3, null], 'low'), []);
  assert.deepEqual(best([a], [3], 'low'), []);
  assert.deepEqual(best([a, b], [1, 2], undefined), []);
});

test('a part of a network, another batch and another network are not ranked with the rest', () => {
  const runs = readRuns(documentOf(['kws', 'kws_part', 'kws_batch', 'tiny', 'kws_shidiannao']));
  const [kws, part, batch, tiny, shidiannao] = runs;
  const latency = row(runs, 'latency');
  assert.ok(latency.values[1] < latency.values[4], 'the part is faster than all that it is a part of');
  assert.equal(latency.best.length, 1);
  assert.ok([kws, shidiannao].includes(runs[latency.best[0]]));
  assert.ok(doesAs(kws, shidiannao) && [part, batch, tiny].every((r) => isSound(r) && !doesAs(kws, r)));
  assert.deepEqual(unranked(runs), ['Not ranked, as no other sound run does the same work (network, batch and layers): kws_part, kws_batch, tiny.']);
  assert.ok(metricRows([kws, tiny]).every((r) => r.best.length === 0));
});

const SPOILERS = {
  'words that differ': (r) => { r.totals.functional.mismatches = 1; },
  'words that were not compared': (r) => { r.totals.functional.checked = false; },
  'counts that differ from the closed form': (r) => { r.layers.find((l) => l.place === 'machine').analytic.counts_equal = false; },
  'a layer that is stuck': (r) => { r.layers.find((l) => l.place === 'machine').deadlock = { at_cycle: 7, wait_for: 'psum_gin' }; },
};

for (const [what, spoil] of Object.entries(SPOILERS))
  test(`a run with ${what} is best in nothing, and the others are ranked without it`, () => {
    const runs = edge();
    const [winner] = row(runs, 'latency').best;
    spoil(runs[winner].result);
    assert.equal(isSound(runs[winner]), false);
    assert.ok(metricRows(runs).every((r) => !r.best.includes(winner)));
    assert.equal(row(runs, 'latency').best.length, 1);
    assert.deepEqual(unranked(runs), [`Best in nothing, as not all was computed and counted right: ${runs[winner].label}.`]);
  });

test('an area that lacks parts is the least that it can be, and never best', () => {
  const runs = edge();
  const area = row(runs, 'area');
  const small = runs.findIndex((r) => r.label === 'tpu_like_16x16');
  assert.deepEqual(area.least, runs.map((_, i) => i === small));
  assert.equal(Math.min(...area.values), area.values[small]);
  assert.deepEqual(area.best, [], 'it may be more or less than the next');
  assert.equal(areaText(runs[small].result.area).split(' (')[0], `at least ${figure(area.values[small])} mm²`);
  runs[small].result.area.total_mm2 = 50;
  assert.deepEqual(starred(runs, 'area'), ['diannao'], 'whatever the missing parts are, it stays larger');
  runs[small].result.area.complete = true;
  assert.match(areaText(runs[small].result.area), /^50 mm² \(between /);
  assert.equal(areaText({ total_mm2: null, interval_mm2: null, unknown: ['glb'] }), 'not known');
});

test('without operations there is no figure of them, and no mark', () => {
  const runs = edge();
  Object.assign(runs[0].result.totals, { ops: 0, energy_per_op_pj: 0, tops_per_w: null, tops_per_w_chip: null, tops_per_w_interval: null, gops: 0 });
  for (const key of ['pj_per_op', 'efficiency', 'efficiency_chip', 'gops']) {
    assert.equal(row(runs, key).values[0], null, key);
    assert.ok(!row(runs, key).best.includes(0) && row(runs, key).best.length === 1, key);
  }
});

test('the real run of a layer without operations keeps their rows, empty', () => {
  const runs = readRuns(documentOf(['pool']));
  for (const key of ['pj_per_op', 'efficiency', 'efficiency_chip', 'gops']) assert.deepEqual([row(runs, key).values, row(runs, key).best], [[null], []], key);
  assert.ok(row(runs, 'latency').values[0] > 0 && row(runs, 'energy').values[0] > 0);
});

test('what is not modelled is said once if all runs say it, else under those that do', () => {
  const runs = edge();
  const { shared, own } = notModelled(runs);
  for (const run of runs) {
    const said = own.find((o) => o.label === run.label)?.sentences ?? [];
    assert.deepEqual([...shared, ...said].sort(), [...new Set(run.result.not_modelled)].sort(), run.label);
  }
  assert.ok(shared.length > 0 && own.length > 0);
  assert.deepEqual(notModelled(runs.slice(0, 1)), { shared: runs[0].result.not_modelled, own: [] });
  assert.deepEqual(notModelled([{ label: 'x', result: {} }]), { shared: [], own: [] });
});
