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
  kws_part: ['--arch', 'diannao', '--workload', 'dscnn_kws', '--layers', 'conv_1'],
  kws_batch: ['--arch', 'diannao', '--workload', 'dscnn_kws', '--batch', '2'],
  kws_edge: ['configs/experiments/kws_at_the_edge.yaml'],
  pool: ['--arch', 'eyeriss_v1', '--workload', 'alexnet', '--layers', 'pool1'],
  offload: ['configs/experiments/offload_kws.yaml'],
  big_little: ['configs/experiments/big_little_mnist.yaml'],
};

const simulated = new Set();

/** The folder that `eyrie run --out` wrote, simulated once. */
function folderOf(name) {
  const out = scratch(name);
  if (!simulated.has(name)) execFileSync(needed('EYRIE'), ['run', ...RUNS[name], '--out', out, '--quiet'], { cwd: SOURCE, stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
  simulated.add(name);
  return out;
}

const read = (...names) => JSON.parse(readFileSync(path.join(...names), 'utf8'));
const isScenario = (name) => name === 'offload' || name === 'big_little';
const isComparison = (name) => name === 'kws_edge';

/** The result of a run, or of a scenario. */
export const answer = (name) => read(folderOf(name), isScenario(name) ? 'scenario.json' : 'result.json');

/** What `eyrie run` says of several machines. */
export const comparison = (name) => read(folderOf(name), 'comparison.json');

/** A run is called after its folder; runs of a comparison after their machines, and after its folder too if it is not alone. */
function runsOf(name, alone) {
  if (!isComparison(name)) return [{ label: name, result: answer(name) }];
  return comparison(name).runs.map((run) => ({ label: alone ? run.label : `${name}/${run.label}`, result: read(folderOf(name), run.directory, 'result.json') }));
}

/** The document of a page: runs and scenarios by name, as `eyrie report` puts them together. */
export const documentOf = (names) => ({
  schema: 'eyrie.report/1', eyrie_version: '0.1.0',
  runs: names.filter((n) => !isScenario(n)).flatMap((n) => runsOf(n, names.length === 1)),
  scenarios: names.filter(isScenario).map((n) => ({ label: n, scenario: answer(n) })),
});

/** The page that `eyrie report` writes of these runs and scenarios. */
export function reportPage(name, names) {
  const file = scratch(`${name}.html`);
  execFileSync(needed('EYRIE'), ['report', ...names.map(folderOf), '-o', file, '--quiet'], { cwd: SOURCE, stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
  return file;
}

/** A page with a document that no program wrote: the template, filled. */
export function writePage(name, doc) {
  const template = readFileSync(needed('EYRIE_PAGE'), 'utf8');
  const json = (typeof doc === 'string' ? doc : JSON.stringify(doc)).replaceAll('<', '\\u003c');
  const file = scratch(`${name}.html`);
  writeFileSync(file, template.split('__EYRIE_TITLE__').join(name).split('__EYRIE_DATA__').join(json));
  return file;
}

const without = (object, ...keys) => { for (const key of keys) delete object[key]; };

/** A result without all that a result may lack: the array, peaks, loops, what PEs did, intervals, area, what is not modelled. */
export function bare(result) {
  const r = structuredClone(result);
  without(r, 'area', 'not_modelled', 'battery');
  without(r.architecture, 'array', 'peak_gops', 'dram_gb_per_s', 'components');
  without(r.totals.energy_pj, 'by_confidence', 'by_source', 'interval_by_source');
  for (const of of [r.totals, ...r.layers.filter((l) => l.place === 'machine')]) {
    without(of, 'loop_nest', 'loop_text', 'pe_macs', 'tops_per_w_interval', 'tops_per_w_chip_interval');
    without(of.energy_pj, 'interval', 'interval_on_chip');
  }
  for (const p of r.energy_table.prices) without(p, 'interval_pj', 'interval_origin');
  for (const b of r.baselines) without(b, 'normalised');
  return r;
}
