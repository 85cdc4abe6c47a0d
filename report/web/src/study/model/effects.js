/** What a parameter does: each objective by the parameter's value. */

import { figure } from '../../model/format.js';
import { valueOf, valueText } from './document.js';

const MOST_GROUPS = 12;
const BINS = 8;

/** A quantile, linear between neighbours (Hyndman and Fan, type 7). */
export function quantile(sorted, share) {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

/** Five numbers and their count; null without any. */
export function fiveOf(values) {
  if (!values.length) return null;
  const s = [...values].sort((a, b) => a - b);
  return { n: s.length, low: s[0], q1: quantile(s, 0.25), median: quantile(s, 0.5), q3: quantile(s, 0.75), high: s.at(-1) };
}

/** Values of a parameter, or, where they are many numbers, ranges with as many designs each. */
function groupsOf(parameter, designs) {
  const rank = new Map(parameter.values.map((v, i) => [v.text, i]));
  const groups = parameter.values.length <= MOST_GROUPS || !parameter.numeric ? parameter.values.map((v) => ({ text: valueText(parameter, v.text), values: new Set([v.text]) })) : binned(parameter, designs);
  return groups.map((g) => ({ ...g, designs: designs.filter((d) => g.values.has(d.values[parameter.index])), order: rank.get([...g.values][0]) })).filter((g) => g.designs.length);
}

function binned(parameter, designs) {
  const counts = new Map(parameter.values.map((v) => [v.text, 0]));
  for (const d of designs) counts.set(d.values[parameter.index], counts.get(d.values[parameter.index]) + 1);
  const bins = Array.from({ length: BINS }, () => []);
  let before = 0;
  for (const v of parameter.values) {
    bins[Math.min(BINS - 1, Math.floor((BINS * before) / Math.max(1, designs.length)))].push(v);
    before += counts.get(v.text);
  }
  return bins.filter((b) => b.length).map((b) => ({ text: b.length === 1 ? valueText(parameter, b[0].text) : `${figure(b[0].number)} – ${valueText(parameter, figure(b.at(-1).number))}`, values: new Set(b.map((v) => v.text)) }));
}

/**
 * @param {object} study
 * @param {object[]} designs those that count
 * @param {{network: number, fidelity: string}} choice
 * @returns {Array<{parameter: object, groups: Array<{text: string, n: number, fives: Array<?object>}>, factors: Array<?number>}>} `fives`
 *   by objective; `factors`: the highest median over the lowest, by objective
 */
export function effectsOf(study, designs, { network, fidelity }) {
  return study.parameters.filter((p) => !p.constant).map((parameter) => {
    const groups = groupsOf(parameter, designs).map((g) => ({
      text: g.text, n: g.designs.length, fives: study.objectives.map((m) => fiveOf(g.designs.map((d) => valueOf(d, m, network, fidelity)).filter((v) => v !== null))),
    }));
    const factors = study.objectives.map((_, i) => {
      const medians = groups.map((g) => g.fives[i]?.median).filter((v) => v > 0);
      return medians.length > 1 ? Math.max(...medians) / Math.min(...medians) : null;
    });
    return { parameter, groups, factors };
  });
}
