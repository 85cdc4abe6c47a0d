/** The study behind the page: checked, and put so that every section finds what it asks for. */

import { isNumber } from '../../model/format.js';

export const SCHEMA = 'eyrie.study/1';

/**
 * Reads the text that stands in the page.
 * @param {string} text
 * @returns {{doc: ?object, error: ?string}} exactly one of the two
 */
export function parseStudy(text) {
  let doc;
  try {
    doc = JSON.parse(text);
  } catch {
    return { doc: null, error: 'This page holds no data: what stands in its place is not JSON. Write it again with eyrie explore.' };
  }
  if (doc?.schema !== SCHEMA) return { doc: null, error: `The data of this page are of schema ${JSON.stringify(doc?.schema ?? null)}; it shows ${SCHEMA}.` };
  if (!doc.designs?.length || !doc.measures?.length) return { doc: null, error: 'This study holds no design or no measure.' };
  return { doc, error: null };
}

const SPELLED = { uJ: 'µJ', us: 'µs', uW: 'µW', um2: 'µm²', mm2: 'mm²', pJ2: 'pJ²' };
const unitText = (unit) => SPELLED[unit] ?? (unit || '');
const isBare = (text) => text.trim() !== '' && Number.isFinite(Number(text));

/** A neighbour of the page, or nothing: an address with a scheme or of another host is no report of ours. */
const neighbour = (address) => (typeof address === 'string' && /^[\w.-]+(\/[\w.-]+)*(#[\w-]*)?$/.test(address) ? address : null);

/** A value of a parameter as it is chosen, shown and sorted. */
const byNumber = (a, b) => (a.number ?? Infinity) - (b.number ?? Infinity) || a.order - b.order;

function readParameter(p, index, designs) {
  const distinct = new Map();
  for (const text of (p.values ?? []).map(String)) distinct.set(text, { text, number: null, count: 0, order: distinct.size });
  for (const d of designs) {
    const text = d.values[index] ?? '';
    if (!distinct.has(text)) distinct.set(text, { text, number: null, count: 0, order: distinct.size });
    const value = distinct.get(text);
    value.count += 1;
    if (isNumber(d.numbers[index])) value.number = d.numbers[index];
  }
  const used = [...distinct.values()].filter((v) => v.count > 0);
  const numeric = p.numeric === true && used.some((v) => isNumber(v.number));  // a derived one may be unknown where a design is illegal
  const values = numeric ? used.sort(byNumber) : used;
  return { index, name: p.name, label: p.title || p.name.replaceAll('_', ' '), unit: values.every((v) => v.text === '' || isBare(v.text)) ? unitText(p.unit) : '', numeric, derived: p.derived === true, values, constant: values.length < 2 };
}

const readMeasure = (m, index) => ({ index, name: m.name, label: m.title || m.name.replaceAll('_', ' '), unit: unitText(m.unit), goal: m.goal === 'higher' ? 'higher' : 'lower' });

const readDesign = (d) => ({
  number: d.number, values: (d.values ?? []).map((v) => (v === null ? '' : String(v))), numbers: d.numbers ?? [], status: d.status, reason: d.reason ?? '', done: d.status === 'done', front: d.front === true, sampled: d.sampled === true,
  closed: d.closed ?? null, simulated: d.simulated ?? null, report: neighbour(d.report),
});

/**
 * @param {object} doc of schema eyrie.study/1
 * @returns {{doc: object, title: string, parameters: object[], measures: object[], objectives: number[], networks: string[], designs: object[], byDesign: Map<number, object>}}
 *   `objectives` are indices of measures; `networks[0]` is all of them (the geometric mean), then one each
 */
export function readStudy(doc) {
  const designs = doc.designs.map(readDesign);
  const measures = doc.measures.map(readMeasure);
  const objectives = (doc.objectives ?? []).map((name) => measures.findIndex((m) => m.name === name)).filter((i) => i >= 0);
  return {
    doc, title: doc.title || doc.name, measures, designs,
    parameters: (doc.parameters ?? []).map((p, i) => readParameter(p, i, designs)),
    objectives: objectives.length ? objectives : [0],
    networks: ['all networks', ...(doc.workloads ?? [])],
    byDesign: new Map(designs.map((d) => [d.number, d])),
  };
}

/** `energy per inference (µJ)`. */
export const withUnitOf = ({ label, unit }) => (unit ? `${label} (${unit})` : label);

/** A value of a parameter with its unit: `8`, `64 KiB`, `200 MHz`. */
export const valueText = (parameter, text) => (text === '' ? '–' : parameter.unit ? `${text} ${parameter.unit}` : text);

/**
 * What a design has of a measure.
 * @param {object} design
 * @param {number} measure its index
 * @param {number} network 0 for all of them
 * @param {'best'|'closed'|'simulated'} fidelity `best`: simulated where it is, else in closed form
 * @returns {?{value: number, simulated: boolean}}
 */
export function figureOf(design, measure, network, fidelity) {
  const simulated = fidelity === 'closed' ? null : design.simulated?.[network]?.[measure];
  if (isNumber(simulated)) return { value: simulated, simulated: true };
  const closed = fidelity === 'simulated' ? null : design.closed?.[network]?.[measure];
  return isNumber(closed) ? { value: closed, simulated: false } : null;
}

/** The value alone, or null. */
export const valueOf = (design, measure, network, fidelity) => figureOf(design, measure, network, fidelity)?.value ?? null;
