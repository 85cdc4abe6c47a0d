/** A study as its page reads it: figures, filters, the line of the best, what parameters do, errors. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { designAddress, unpacked } from '../../../report/web/src/model/designs.js';
import { figureOf, parseStudy, readStudy, valueOf, valueText, withUnitOf } from '../../../report/web/src/study/model/document.js';
import { effectsOf, fiveOf, quantile } from '../../../report/web/src/study/model/effects.js';
import { errorPoints, errorRows, errorSummary } from '../../../report/web/src/study/model/errors.js';
import { activeFilters, noFilter, passes } from '../../../report/web/src/study/model/filters.js';
import { logTicks, placeIn, sequential, spanOf, valueAt, wantsLog } from '../../../report/web/src/study/model/scale.js';
import { bestOf, defaultColour, lineOf, lookOf, pointsOf, stairs } from '../../../report/web/src/study/model/scatter.js';
import { errorText, kindOf, sentenceOf, statusCounts } from '../../../report/web/src/study/model/words.js';
import { nextPoint } from '../../../report/web/src/study/ui/walker.js';
import { generatedStudy } from '../support/study.mjs';

const doc = generatedStudy();
const study = readStudy(doc);
const ALL = { network: 0, fidelity: 'best' };
const point = (number, x, y) => ({ design: { number, done: true, front: false }, x, y });
const near = (a, b) => assert.ok(Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b)), `${a} is not ${b}`);

test('the generated study is awkward where it should be', () => {
  assert.ok(study.designs.length >= 500 && study.networks.length === 4);
  assert.ok(new Set(doc.designs.map((d) => d.status)).size >= 7);
  assert.ok(doc.front.length > 10 && doc.front.every((n) => study.byDesign.get(n).front));
  assert.deepEqual(study.byDesign.get(11).closed, study.byDesign.get(12).closed);
  assert.equal(study.byDesign.get(50).closed[3][0], null);
  assert.ok(/[<"]/.test(study.title) && study.parameters.some((p) => /[<"]/.test(p.label)));
});

test('text that is no study is refused with its reason', () => {
  assert.match(parseStudy('{"schema":').error, /holds no data/);
  assert.match(parseStudy('{"schema":"eyrie.report/1"}').error, /schema "eyrie.report\/1"; it shows eyrie.study\/1/);
  assert.match(parseStudy('{"schema":"eyrie.study/1","designs":[],"measures":[]}').error, /no design/);
  assert.equal(parseStudy(JSON.stringify(doc)).error, null);
});

test('parameters know their values in order, which change, and their units', () => {
  const [rows, , glb, clock, noc, technology, pes] = study.parameters;
  assert.deepEqual(rows.values.map((v) => [v.text, v.number, v.count]), [['6', 6, 108], ['8', 8, 108], ['12', 12, 108], ['16', 16, 108], ['24', 24, 108]]);
  assert.deepEqual([glb.unit, clock.unit, glb.label, withUnitOf(clock)], ['', 'MHz', 'glb', 'clock (MHz)']);
  assert.deepEqual([valueText(glb, '64 KiB'), valueText(clock, '200')], ['64 KiB', '200 MHz']);
  assert.deepEqual([noc.numeric, technology.constant, pes.derived], [false, true, true]);
  assert.deepEqual(pes.values.map((v) => v.number), [42, 56, 84, 112, 168, 224, 336, 448, 672, null]);
  assert.deepEqual([pes.numeric, pes.unit, valueText(pes, '')], [true, '', '–']);
  assert.deepEqual(study.measures.slice(0, 3).map((m) => m.unit), ['µJ', 'ms', 'mm²']);
});

test('a report is only what stands beside the page', () => {
  const of = (report) => readStudy({ ...doc, designs: [{ ...doc.designs[0], report }] }).designs[0].report;
  assert.equal(of('designs/report.html#1'), 'designs/report.html#1');
  for (const other of [null, 'javascript:alert(1)', 'https://a.b/c', '//a.b/c', '/etc/passwd', 'a b', 'data:text/html,x']) assert.equal(of(other), null, String(other));
});

test('a figure is simulated where it was, unless only the closed form is asked for', () => {
  const d = study.designs.find((x) => x.simulated);
  assert.deepEqual(figureOf(d, 1, 2, 'best'), { value: d.simulated[2][1], simulated: true });
  assert.deepEqual(figureOf(d, 1, 2, 'closed'), { value: d.closed[2][1], simulated: false });
  const other = study.designs.find((x) => x.done && !x.simulated);
  assert.equal(valueOf(other, 0, 0, 'simulated'), null);
  assert.equal(valueOf(other, 0, 0, 'best'), other.closed[0][0]);
  assert.equal(valueOf(study.byDesign.get(50), 0, 0, 'best'), null);
  assert.equal(valueOf(study.byDesign.get(50), 0, 1, 'best'), study.byDesign.get(50).closed[1][0]);
  assert.equal(valueOf(study.designs.find((x) => x.status === 'excluded'), 0, 0, 'best'), null);
});

test('filters leave out values, ranges, statuses and what is not on the front', () => {
  const count = (change) => { const f = noFilter(); change(f); return [study.designs.filter((d) => passes(d, f, ALL)).length, activeFilters(f)]; };
  const of = (test_) => study.designs.filter(test_).length;
  assert.deepEqual(count(() => {}), [of((d) => d.done), 0]);
  assert.deepEqual(count((f) => f.without.set(0, new Set(['6', '8']))), [of((d) => d.done && !['6', '8'].includes(d.values[0])), 1]);
  assert.deepEqual(count((f) => f.parameterRanges.set(6, [100, 300])), [of((d) => d.done && d.numbers[6] >= 100 && d.numbers[6] <= 300), 1]);
  assert.deepEqual(count((f) => { f.measureRanges.set(2, [null, 8]); f.front = true; }), [of((d) => d.front && valueOf(d, 2, 0, 'best') <= 8), 2]);
  assert.deepEqual(count((f) => { f.statuses.add('crashed'); f.simulated = false; }), [of((d) => d.done || d.status === 'crashed'), 1]);
  assert.deepEqual(count((f) => f.without.set(0, new Set())), [of((d) => d.done), 0]);
});

test('the best of points by hand: lower and higher, equal ones, stairs between them', () => {
  const points = [point(1, 1, 9), point(2, 2, 5), point(3, 2, 5), point(4, 3, 7), point(5, 4, 1), point(6, 2, 6)];
  assert.deepEqual(bestOf(points, 'lower', 'lower').map((p) => p.design.number), [1, 2, 3, 5]);
  assert.deepEqual(bestOf(points, 'lower', 'higher').map((p) => p.design.number), [1]);
  assert.deepEqual(bestOf(points, 'higher', 'higher').map((p) => p.design.number), [1, 4, 5]);
  assert.deepEqual(stairs([point(1, 1, 9), point(5, 4, 1)], 'lower', 'lower'), [[1, 9], [4, 9], [4, 1]]);
  assert.deepEqual(stairs([point(1, 1, 9), point(5, 4, 1)], 'higher', 'higher'), [[1, 9], [1, 1], [4, 1]]);
  assert.deepEqual(bestOf([], 'lower', 'lower'), []);
});

test('no shown point lies beyond the line', () => {
  for (const [x, y] of [[0, 1], [5, 2], [1, 6], [5, 6]]) {
    const points = pointsOf(study.designs, { x, y, ...ALL });
    const [gx, gy] = [x, y].map((m) => study.measures[m].goal);
    const better = (a, b, goal) => (goal === 'higher' ? a > b : a < b);
    const along = bestOf(points.filter((p) => p.design.done), gx, gy);
    assert.ok(along.length > 0);
    for (const p of points) if (p.design.done) assert.ok(along.some((b) => b === p || (!better(p.x, b.x, gx) && !better(p.y, b.y, gy))), `design ${p.design.number} in ${x}, ${y}`);
  }
});

test('with two objectives the line is the study’s own front; else that of the two measures shown', () => {
  const two = readStudy(generatedStudy({ objectives: ['energy', 'latency'] }));
  const closed = { network: 0, fidelity: 'closed' };
  const points = pointsOf(two.designs, { x: 0, y: 1, ...closed });
  const line = lineOf(two, points, { x: 0, y: 1, ...closed });
  assert.equal(line.whole, true);
  assert.equal(line.corners.length, 2 * two.doc.front.length - 1);
  assert.equal(lineOf(two, points, { x: 0, y: 2, ...closed }).whole, false);
  assert.equal(lineOf(two, points, { x: 0, y: 1, network: 1, fidelity: 'closed' }).whole, false);
  assert.equal(lineOf(study, pointsOf(study.designs, { x: 0, y: 1, ...ALL }), { x: 0, y: 1, network: 0 }).whole, false);
  assert.deepEqual(lineOf(study, points, { x: 1, y: 1, network: 0 }).corners, []);
});

test('logarithmic axes from a factor of ten; ticks at 1, 2 and 5 embrace the span', () => {
  assert.deepEqual([wantsLog([1, 10]), wantsLog([1, 10.1]), wantsLog([0, 100]), wantsLog([-5, 100]), wantsLog(null)], [false, true, false, false, false]);
  assert.deepEqual(spanOf([3, null, 1, NaN, 2]), [1, 3]);
  assert.equal(spanOf([null]), null);
  assert.deepEqual(logTicks([0.043, 0.98]), [0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  assert.deepEqual(logTicks([1, 10]), [0.5, 1, 2, 5, 10, 20]);
  const wide = logTicks([3e-7, 4e6]);
  assert.ok(wide[0] < 3e-7 && wide.at(-1) > 4e6 && wide.length < 20 && wide.slice(1, -1).every((t) => Math.abs(Math.log10(t) - Math.round(Math.log10(t))) < 1e-9), wide.join());
  near(valueAt([1, 100], placeIn([1, 100], 20, true), true), 20);
  near(valueAt([3, 7], placeIn([3, 7], 4, false), false), 4);
  assert.equal(placeIn([2, 2], 2, true), 0.5);
});

test('the sequential colours grow lighter from end to end, so that grey tells them too', () => {
  for (const dark of [false, true]) {
    const lightness = [...Array(21).keys()].map((i) => { const [r, g, b] = sequential(i / 20, dark).match(/\d+/g).map(Number); return 0.2126 * r + 0.7152 * g + 0.0722 * b; });
    lightness.slice(1).forEach((l, i) => assert.ok(l > lightness[i], `step ${i}`));
  }
});

test('colour by a measure, by a number, by a category with shapes, by nothing', () => {
  const designs = study.designs.filter((d) => d.done);
  assert.equal(defaultColour(study), 'm2');
  assert.equal(defaultColour(readStudy(generatedStudy({ objectives: ['energy', 'latency'] }))), 'p0');
  assert.equal(lookOf(study, 'm2', designs, ALL).legend(false).length, 5);
  assert.deepEqual(lookOf(study, 'p0', designs, ALL).legend(false).map((e) => e.text), ['6', '8', '12', '16', '24']);
  const category = lookOf(study, 'p4', designs, ALL);
  assert.equal(new Set(category.legend(false).map((e) => `${e.colour} ${e.shape}`)).size, 3);
  assert.equal(new Set(designs.map((d) => category.shape(d))).size, 3);
  assert.deepEqual(lookOf(study, '', designs, ALL).legend(false), []);
  assert.equal(lookOf(study, 'm0', [], ALL).colour(designs[0], false), null);
});

test('quantiles by hand', () => {
  assert.deepEqual([quantile([1, 2, 3, 4], 0.25), quantile([1, 2, 3, 4], 0.5), quantile([7], 0.75), quantile([1, 2], 1)], [1.75, 2.5, 7, 2]);
  assert.deepEqual(fiveOf([4, 1, 3, 2]), { n: 4, low: 1, q1: 1.75, median: 2.5, q3: 3.25, high: 4 });
  assert.equal(fiveOf([]), null);
});

test('what a parameter does: every design once in each parameter, medians of its group', () => {
  const designs = study.designs.filter((d) => d.done);
  const effects = effectsOf(study, designs, ALL);
  assert.deepEqual(effects.map((e) => e.parameter.name), ['rows', 'columns', 'glb', 'frequency', 'network_on_chip', 'pes']);
  for (const e of effects) assert.equal(e.groups.reduce((n, g) => n + g.n, 0), designs.length, e.parameter.name);
  const [eight] = effects[0].groups.filter((g) => g.text === '8');
  const of = designs.filter((d) => d.values[0] === '8').map((d) => valueOf(d, 1, 0, 'best')).filter((v) => v !== null).sort((a, b) => a - b);
  assert.equal(eight.fives[1].median, quantile(of, 0.5));
  const medians = effects[0].groups.map((g) => g.fives[1].median);
  assert.equal(effects[0].factors[1], Math.max(...medians) / Math.min(...medians));
});

test('a parameter of many numbers is put into ranges that hold all of them', () => {
  const many = structuredClone(doc);
  many.parameters[6] = { ...many.parameters[6], name: 'many' };
  many.designs.forEach((d, i) => { d.values[6] = String(i % 97); d.numbers[6] = i % 97; });
  const s = readStudy(many);
  const designs = s.designs.filter((d) => d.done);
  const effect = effectsOf(s, designs, ALL).find((e) => e.parameter.name === 'many');
  assert.ok(effect.groups.length >= 6 && effect.groups.length <= 8, `${effect.groups.length} ranges`);
  assert.equal(effect.groups.reduce((n, g) => n + g.n, 0), designs.length);
  assert.match(effect.groups[0].text, /^0 – \d+$/);
});

test('errors by hand, of the front and of the sample apart', () => {
  const design = (number, closed, simulated, more) => ({ ...doc.designs[0], number, closed: [[1], [closed]], simulated: simulated && [[1], [simulated]], front: false, sampled: false, ...more });
  const small = readStudy({ ...doc, workloads: ['net'], measures: [{ name: 'latency', unit: 'ms', goal: 'lower' }], objectives: ['latency'],
    designs: [design(1, 11, 10, { front: true }), design(2, 9, 10, { sampled: true }), design(3, 10.5, 10, { front: true, sampled: true }), design(4, 3, null), design(5, 3, 0)] });
  assert.deepEqual(errorPoints(small, 0).map((p) => p.design.number), [1, 2, 3]);
  near(errorPoints(small, 0)[1].error, -0.1);
  const rows = errorRows(small);
  assert.deepEqual(rows.map((r) => [r.id, r.points, r.at.design.number]), [['front', 2, 1], ['sampled', 2, 2], ['all', 3, 1]]);
  near(rows[0].median, 0.075);
  near(rows[1].median, 0.075);
  near(rows[2].worst, 0.1);
  assert.equal(errorSummary([]), null);
  assert.deepEqual([errorText(0.0123), errorText(-0.5), errorText(0), errorText(null)], ['+1.23 %', '−50 %', '0 %', '–']);
});

test('arrows follow an axis, stop at its ends, and start at the end they come from', () => {
  const points = [point(1, 1, 9), point(2, 2, 5), point(3, 2, 7)];
  const go = (from, axis, step) => nextPoint(points, points.find((p) => p.design.number === from)?.design ?? null, axis, step)?.design.number;
  assert.deepEqual([go(null, 'x', 1), go(1, 'x', 1), go(2, 'x', 1), go(3, 'x', 1), go(null, 'x', -1), go(2, 'y', 1), go(1, 'y', 1)], [1, 2, 3, 3, 3, 3, 1]);
  assert.equal(nextPoint([], null, 'x', 1), null);
});

test('sentences say what a design is', () => {
  const d = study.byDesign.get(doc.front[0]);
  assert.match(sentenceOf(study, d, [0, 1], ALL), new RegExp(`^Design ${d.number}, on the front, simulated.*: energy per inference, with DRAM [\\d.,]+ µJ; latency [\\d.]+ ms\\. rows of PEs \\d+, `));
  const dead = study.designs.find((x) => x.status === 'deadlocked');
  assert.equal(kindOf(dead), 'deadlocked, closed form');
  assert.equal(statusCounts(study.designs)[0][0], 'done');
});

test('a design’s address and what it unpacks to', async () => {
  assert.deepEqual(designAddress('#12'), { number: 12, section: null });
  assert.deepEqual(designAddress('#12/energy'), { number: 12, section: 'energy' });
  for (const other of ['', '#', '#energy', '#0', '#-1', '#1x', '#12345678901', '#../x']) assert.equal(designAddress(other).number, null, other);
  assert.equal(await unpacked(gzipSync('{"µ":1}').toString('base64')), '{"µ":1}');
  await assert.rejects(unpacked('AAAA'), /damaged/);
  await assert.rejects(unpacked('<'), /damaged/);
});
