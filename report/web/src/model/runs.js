/** The document behind the page, checked, and its runs with what every section asks of them. */

import { figure, isNumber } from './format.js';

export const SCHEMA = 'eyrie.report/1';

/** True where the page has no runs of its own and shows those of a study's designs, which stand beside it. */
export const isDesigns = (text) => text === '{"schema":"eyrie.designs/1"}';

/**
 * Reads the text that stands in the page.
 * @param {string} text
 * @returns {{doc: ?object, error: ?string}} exactly one of the two
 */
export function parseDocument(text) {
  let doc;
  try {
    doc = JSON.parse(text);
  } catch {
    return { doc: null, error: 'This page holds no data: what stands in its place is not JSON. Write it again with eyrie report.' };
  }
  if (doc?.schema !== SCHEMA)
    return { doc: null, error: `The data of this page are of schema ${JSON.stringify(doc?.schema ?? null)}; it shows ${SCHEMA}.` };
  if (!(doc.runs ?? []).length && !(doc.scenarios ?? []).length)
    return { doc: null, error: 'This page holds neither a run nor a scenario.' };
  return { doc, error: null };
}

/**
 * Runs with distinct labels and their layers sorted by place.
 * @param {object} doc of schema eyrie.report/1
 * @returns {Array<{index: number, label: string, result: object, layers: object[], apart: object[], batch: number}>}
 */
export function readRuns(doc) {
  const seen = new Map();
  return (doc.runs ?? []).map((run, index) => {
    const name = run.label || `run ${index + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const result = run.result ?? {};
    const layers = result.layers ?? [];
    return {
      index,
      label: times > 1 ? `${name} (${times})` : name,
      result,
      layers: layers.filter((l) => l.place === 'machine'),
      apart: layers.filter((l) => l.place !== 'machine'),
      batch: result.workload?.batch ?? 1,
    };
  });
}

/** True for a run that no simulator saw: counts and cycles are the closed form's, and no word was computed. */
export const isClosed = (run) => run.result.fidelity === 'closed form';

/** Which runs have no simulation behind them, for headings: none, all or some. */
export const closedShare = (runs) => (!runs.some(isClosed) ? 'none' : runs.every(isClosed) ? 'all' : 'some');

/** Names of the DRAMs of a run: by kind where the machine is described, else `dram`. */
export function dramNames(run) {
  const named = (run.result.architecture?.components ?? []).filter((c) => c.kind === 'dram').map((c) => c.name);
  return named.length ? named : ['dram'];
}

/** The node of a machine; where its prices are of another one, that too: `65 nm, priced at 7 nm, 0.7 V`. */
export function nodeText({ architecture: a, energy_table: t }) {
  const made = `${figure(a.technology_nm)} nm`;
  const priced = [[t?.technology_nm, 'nm'], [t?.voltage_v, 'V']].filter(([v]) => isNumber(v)).map(([v, unit]) => `${figure(v)} ${unit}`);
  return isNumber(t?.technology_nm) && t.technology_nm !== a.technology_nm ? `${made}, priced at ${priced.join(', ')}` : made;
}
