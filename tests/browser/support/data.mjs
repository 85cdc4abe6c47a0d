/** Results of the real program, in a folder of their own that goes when the tests end. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, where `configs/` is. */
export const SOURCE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** A variable that the tests need, or an error that names it. */
export function needed(name) {
  const value = process.env[name];
  if (!value || !existsSync(value)) throw new Error(`${name} is ${value ? `${value}, which does not exist` : 'not set'}; ctest sets it`);
  return value;
}

const folder = mkdtempSync(path.join(tmpdir(), 'eyrie-browser-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A path in the folder of the tests. */
export const scratch = (name) => path.join(folder, name);

const RUNS = {
  tiny: ['--arch', 'eyeriss_v1', '--workload', 'tiny'],
  alexnet: ['--arch', 'eyeriss_v1', '--workload', 'alexnet', '--batch', '4'],
  resnet50: ['--arch', 'diannao', '--workload', 'resnet50'],
  resnet8_tpu: ['--arch', 'tpu_like_32x32', '--dataflow', 'weight_stationary', '--workload', 'resnet8'],
  resnet8_v2: ['--arch', 'eyeriss_v2_dense', '--workload', 'resnet8'],
  part: ['--arch', 'eyeriss_v1', '--workload', 'alexnet', '--layers', 'conv3'],
  kws: ['configs/experiments/kws_on_eyeriss_v1.yaml'],
  kws_diannao: ['--arch', 'diannao', '--workload', 'dscnn_kws'],
  kws_shidiannao: ['--arch', 'shidiannao', '--workload', 'dscnn_kws'],
  offload: ['configs/experiments/offload_kws.yaml'],
  big_little: ['configs/experiments/big_little_mnist.yaml'],
};

const known = new Map();

/** What `eyrie run` writes: the JSON of a run or a scenario, simulated once. */
export function answer(name) {
  if (!known.has(name)) {
    const out = scratch(name);
    execFileSync(needed('EYRIE'), ['run', ...RUNS[name], '--out', out, '--quiet'], { cwd: SOURCE, stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
    const file = ['result.json', 'scenario.json'].map((f) => path.join(out, f)).find(existsSync);
    known.set(name, readFileSync(file, 'utf8'));
  }
  return JSON.parse(known.get(name));
}

/** The document of a page: runs and scenarios by name. */
export const documentOf = (names) => ({
  schema: 'eyrie.report/1', eyrie_version: '0.1.0',
  runs: names.filter((n) => !isScenario(n)).map((n) => ({ label: n, result: answer(n) })),
  scenarios: names.filter(isScenario).map((n) => ({ label: n, scenario: answer(n) })),
});

const isScenario = (name) => name === 'offload' || name === 'big_little';

/** Writes a page with this document and returns its path. */
export function writePage(name, doc) {
  const template = readFileSync(needed('EYRIE_PAGE'), 'utf8');
  const json = (typeof doc === 'string' ? doc : JSON.stringify(doc)).replaceAll('<', '\\u003c');
  const file = scratch(`${name}.html`);
  writeFileSync(file, template.split('__EYRIE_TITLE__').join(name).split('__EYRIE_DATA__').join(json));
  return file;
}

/** A result with keys that not every result has: the array, prices with intervals, loops, area. Sums stay true. */
export function enriched(result) {
  const r = structuredClone(result);
  const [rows, columns] = [12, r.architecture.pes / 12];
  const spread = (v) => [0.8 * v, 1.3 * v];
  Object.assign(r.architecture, { array: { rows, columns }, peak_gops: (2 * r.architecture.pes * r.architecture.frequency_mhz) / 1e3, dram_gb_per_s: 0.8 });
  r.totals.energy_pj.interval = spread(r.totals.energy_pj.total);
  r.totals.tops_per_w_interval = spread(r.totals.tops_per_w);
  r.totals.tops_per_w_chip_interval = spread(r.totals.tops_per_w_chip);
  for (const p of r.energy_table.prices) p.interval_pj = spread(p.energy_pj);
  for (const layer of r.layers.filter((l) => l.place === 'machine')) {
    layer.energy_pj.interval = spread(layer.energy_pj.total);
    layer.pe_macs = Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => (y * columns + x < layer.active_pes ? Math.floor(layer.macs / layer.active_pes) : 0)));
    layer.loop_nest = [
      { level: 'dram', dimension: 'M', factor: 3, kind: 'temporal', step: 2, remainder: 1 }, { level: 'glb', dimension: 'C', factor: 4, kind: 'temporal' },
      { level: 'pe_array', dimension: 'R', factor: 3, kind: 'spatial_y' }, { level: 'filter_spad', dimension: 'S', factor: 3, kind: 'temporal' }];
  }
  r.area = {
    total_mm2: 9.5, interval_mm2: [8, 12], unknown: ['rlc'],
    components: [{ component: 'glb', instances: 1, area_mm2: 4, interval_mm2: [3.5, 5], source: 'a layout', confidence: 'assumed' },
      { component: 'pe_array', instances: 168, area_mm2: 5.5, interval_mm2: [4.5, 7], source: 'a layout', confidence: 'derived' }],
  };
  r.not_modelled = ['Pads draw no power here.', 'DRAM refreshes itself for nothing.'];
  for (const b of r.baselines) b.normalised = { node_nm: 65, voltage_v: 1, from_node_nm: 90, from_voltage_v: 1.1, from_voltage_is: 'usual for the node', factor: 0.5, within: 1.2, energy_per_inference_uj: b.energy_per_inference_uj === null ? null : b.energy_per_inference_uj / 2, energy_ratio: b.energy_ratio === null ? null : b.energy_ratio / 2, energy_ratio_chip: b.energy_ratio_chip === null ? null : b.energy_ratio_chip / 2, confidence: 'assumed', source: 'a book', note: 'x 0.5' };
  return r;
}
