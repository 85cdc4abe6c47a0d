/** Which figure is the best of its row: the rule of docs/comparisons.md, as report/comparison.cpp has it. */

import { isNumber } from './format.js';
import { isClosed } from './runs.js';

/** Everything was computed right, came to its end, and was counted as the closed form counts. */
export function isSound(run) {
  const { checked, mismatches } = run.result.totals?.functional ?? {};
  return checked === true && mismatches === 0 && run.layers.every((l) => !l.deadlock && l.analytic?.counts_equal === true);
}

const workOf = (run) => JSON.stringify([run.result.workload?.name ?? null, run.batch, run.result.totals?.left_out ?? []]);

/** The same work was asked: network, batch and layers. What of it went to the host is told beside. */
export const doesAs = (a, b) => workOf(a) === workOf(b);

/**
 * Indices of the best values among runs that do the same work; equal ones are all best. A run that is not sound, or
 * has no other sound one beside it, is best in nothing.
 * @param {object[]} runs
 * @param {Array<?number>} values of one figure, in the order of the runs
 * @param {?('low'|'high')} better none: nothing is best
 * @param {boolean[]} [least] values that are only the least that they can be: in the race, but never best
 * @returns {number[]}
 */
export function best(runs, values, better, least = []) {
  if (!better) return [];
  const racing = (i) => isNumber(values[i]) && isSound(runs[i]);
  return runs.flatMap((run, i) => {
    if (!racing(i) || least[i]) return [];
    const others = runs.flatMap((other, k) => (k !== i && racing(k) && doesAs(run, other) ? [values[k]] : []));
    const beaten = others.some((v) => (better === 'low' ? v < values[i] : v > values[i]));
    return others.length && !beaten ? [i] : [];
  });
}

/** Why runs have no mark, in sentences; none where all of them are ranked. */
export function unranked(runs) {
  const closed = runs.filter((r) => isClosed(r));
  const unsound = runs.filter((r) => !isSound(r) && !isClosed(r));
  const alone = runs.filter((r) => isSound(r) && !runs.some((o) => o !== r && isSound(o) && doesAs(r, o)));
  const names = (some) => some.map((r) => r.label).join(', ');
  return [
    closed.length ? `Best in nothing, as they are estimates of the closed form and were not simulated: ${names(closed)}.` : null,
    unsound.length ? `Best in nothing, as not all was computed and counted right: ${names(unsound)}.` : null,
    alone.length ? `Not ranked, as no other sound run does the same work (network, batch and layers): ${names(alone)}.` : null,
  ].filter(Boolean);
}
