/** Numbers as text, verdicts, comparisons, tables, colours, and documents that are wrong. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { colourBook } from '../../../report/web/src/model/colours.js';
import { figure, intervalText, percent, scaleFor, withUnit } from '../../../report/web/src/model/format.js';
import { metricRows } from '../../../report/web/src/model/metrics.js';
import { nodeText, parseDocument, readRuns } from '../../../report/web/src/model/runs.js';
import { targetVerdict, verdicts } from '../../../report/web/src/model/verdict.js';
import { asTsv, sortRows } from '../../../report/web/src/ui/table.js';
import { documentOf } from '../support/data.mjs';

test('figures have four digits, big ones groups, and absent ones a dash', () => {
  const cases = [[0, '0'], [0.0720918, '0.07209'], [12.632623, '12.63'], [458.75306, '458.8'], [9568.4, '9,568'], [80387127380, '80,387,127,380'], [-0.5, '−0.5'], [2.2e-7, '2.200e−7'], [null, '–'], [NaN, '–']];
  for (const [v, text] of cases) assert.equal(figure(v), text);
  assert.equal(percent(0.1883), '18.8 %');
  assert.equal(withUnit(80387127380, 'pJ'), '80.39 mJ');
  assert.equal(withUnit(134263800, 'B'), '134.3 MB');
  assert.deepEqual(scaleFor(2.85e10, 'pJ'), { unit: 'mJ', factor: 1e9 });
  assert.deepEqual(scaleFor(5, '% of it'), { unit: '% of it', factor: 1 });
  assert.equal(intervalText([8, 12.3456]), '8 – 12.3');
  assert.equal(intervalText(undefined), '');
});

test('documents that are none, of another schema, or empty are refused in a sentence', () => {
  for (const text of ['__EYRIE_DATA__', '', '{"schema":"eyrie.result/1"}', '{"schema":"eyrie.report/1","runs":[],"scenarios":[]}']) {
    const { doc, error } = parseDocument(text);
    assert.equal(doc, null);
    assert.match(error, /\.$/);
  }
});

test('labels are distinct', () => {
  const { result } = documentOf(['tiny']).runs[0];
  assert.deepEqual(readRuns({ runs: [{ label: 'a', result }, { label: 'a', result }, { result }] }).map((r) => r.label), ['a', 'a (2)', 'run 3']);
});

test('verdicts say what is right, what is missed and by how much, and what was not run', () => {
  const [whole, part] = readRuns(documentOf(['kws', 'part']));
  const texts = verdicts(whole).map((v) => `${v.state}: ${v.text}`);
  assert.equal(texts[0], 'good: All ofmap words equal the reference, bit for bit');
  assert.ok(texts.some((t) => /^bad: tops_per_w: 0\.0\d+ TOP\/W \(with DRAM\), at least 1 wanted: missed by \d+\.\d %$/.test(t)), texts.join('\n'));
  assert.ok(texts.some((t) => /^good: latency_ms: .* ms \(time\), at most 500 wanted: met, with \d+\.\d % to spare$/.test(t)), texts.join('\n'));
  assert.ok(texts.some((t) => t === 'note: On the host, cost not modelled and in no figure: prob (softmax)'));
  assert.ok(verdicts(part).some((v) => /^Part of the network: 10 of 11 layers/.test(v.text)));
  const target = { name: 'x', unit: 'mW', bound: 'at most', wanted: 2, basis: '' };
  assert.equal(targetVerdict({ ...target, ours: 1, met: false, margin: 0.5 }).text, 'x: 1 mW, at most 2 wanted: missed, as the run is not complete');
  assert.equal(targetVerdict({ ...target, ours: null, met: false, margin: null }).text, 'x: – mW, at most 2 wanted: missed, as the run has no such figure');
  whole.result.totals.functional.mismatches = 1234;
  assert.deepEqual(verdicts(whole)[0], { state: 'bad', text: '1,234 ofmap words differ from the reference' });
  assert.equal(targetVerdict({ name: 'x', unit: 'mW', bound: 'at most', wanted: 2, ours: 1, met: true, margin: 0.5, basis: '' }).text, 'x: 1 mW, at most 2 wanted: met, with 50.0 % to spare');
});

test('the node of the prices stands beside that of the machine where they differ', () => {
  assert.equal(nodeText(documentOf(['tiny']).runs[0].result), '65 nm');
  const architecture = { technology_nm: 65 };
  assert.equal(nodeText({ architecture, energy_table: { technology_nm: 7, voltage_v: 0.7 } }), '65 nm, priced at 7 nm, 0.7 V');
  assert.equal(nodeText({ architecture, energy_table: { technology_nm: 7 } }), '65 nm, priced at 7 nm');
  assert.equal(nodeText({ architecture }), '65 nm');
});

test('every metric has a unit and an origin', () => {
  for (const row of metricRows(readRuns(documentOf(['kws'])))) assert.ok(row.unit && row.origin, row.name);
});

test('tables sort numbers as numbers, absent ones last, and copy every digit', () => {
  const rows = [['b', 10], ['a', 9], ['c', null], ['d', { value: 0.1 + 0.2, text: '0.3' }]];
  assert.deepEqual(sortRows(rows, 1, 'ascending').map((r) => r[0]), ['d', 'a', 'b', 'c']);
  assert.deepEqual(sortRows(rows, 1, 'descending').map((r) => r[0]), ['b', 'a', 'd', 'c']);
  assert.deepEqual(sortRows([['l10'], ['l9']], 0, 'ascending').map((r) => r[0]), ['l9', 'l10']);
  const model = { columns: [{ title: 'layer' }, { title: 'energy', unit: 'pJ', number: true }], rows, total: ['all', 19.3] };
  assert.equal(asTsv(model), 'layer\tenergy (pJ)\nb\t10\na\t9\nc\t\nd\t0.30000000000000004\nall\t19.3\n');
});

test('a name has one colour wherever it is, and parts of a run differ', () => {
  const runs = readRuns(documentOf(['alexnet', 'kws_diannao']));
  const book = colourBook(runs);
  const again = colourBook(runs);
  for (const run of runs) {
    const names = Object.keys(run.result.totals.energy_pj.by_component);
    for (const name of names) assert.equal(book.component(name), again.component(name));
    const causes = Object.keys(run.result.totals.cycle_stack);
    assert.equal(new Set(causes.map(book.cause)).size, causes.length, 'causes');
    const tensors = Object.keys(run.result.totals.energy_pj.by_tensor);
    assert.equal(new Set(tensors.map(book.tensor)).size, tensors.length, 'tensors');
  }
  const alexnet = Object.keys(runs[0].result.totals.energy_pj.by_component);
  assert.equal(new Set(alexnet.map(book.component)).size, alexnet.length, 'components');
});
