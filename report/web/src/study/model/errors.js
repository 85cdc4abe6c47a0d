/** How far the closed form is from the simulation. */

import { isNumber } from '../../model/format.js';
import { fiveOf } from './effects.js';

/** Designs whose errors are looked at apart: id, text, which designs. */
export const GROUPS = [['front', 'on the front', (d) => d.front], ['sampled', 'in the random sample', (d) => d.sampled], ['all', 'all that were simulated', () => true]];

/** Errors of one measure: a point for each design and network that have both figures; the error is closed form / simulated − 1. */
export function errorPoints(study, measure) {
  return study.designs.flatMap((design) => study.networks.slice(1).flatMap((network, i) => {
    const closed = design.closed?.[i + 1]?.[measure], simulated = design.simulated?.[i + 1]?.[measure];
    return isNumber(closed) && isNumber(simulated) && simulated !== 0 ? [{ design, network, closed, simulated, error: closed / simulated - 1 }] : [];
  }));
}

/** Median and worst of the errors' sizes, with where the worst is; null without a point. */
export function errorSummary(points) {
  if (!points.length) return null;
  const worst = points.reduce((a, b) => (Math.abs(b.error) > Math.abs(a.error) ? b : a));
  return { points: points.length, median: fiveOf(points.map((p) => Math.abs(p.error))).median, worst: Math.abs(worst.error), at: worst };
}

/** Summaries of all measures: a row for each measure and group that has points. */
export function errorRows(study) {
  return study.measures.flatMap((measure) => {
    const points = errorPoints(study, measure.index);
    return GROUPS.flatMap(([id, text, of]) => {
      const summary = errorSummary(points.filter((p) => of(p.design)));
      return summary ? [{ measure, id, text, ...summary }] : [];
    });
  });
}
