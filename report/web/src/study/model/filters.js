/** Which designs are shown. */

import { isNumber } from '../../model/format.js';
import { valueOf } from './document.js';

/** So many values still stand in a list of check boxes; more of a numeric parameter become a range. */
export const MOST_BOXES = 16;

/** True where a parameter is filtered by a range. */
export const isRange = (p) => p.numeric && p.values.length > MOST_BOXES;

/**
 * No filter but that designs are done.
 * @returns {{without: Map<number, Set<string>>, parameterRanges: Map<number, number[]>, measureRanges: Map<number, number[]>, statuses: Set<string>, front: boolean, simulated: boolean}}
 *   `without`: values that are not wanted, by parameter; ranges have two ends, of which each may be null
 */
export const noFilter = () => ({ without: new Map(), parameterRanges: new Map(), measureRanges: new Map(), statuses: new Set(['done']), front: false, simulated: false });

const within = (value, [low, high]) => isNumber(value) && (low === null || value >= low) && (high === null || value <= high);

/** True where a design may be shown; `network` and `fidelity` say which figures ranges are about. */
export function passes(design, filter, { network, fidelity }) {
  if (!filter.statuses.has(design.status) || (filter.front && !design.front) || (filter.simulated && !design.simulated)) return false;
  for (const [p, values] of filter.without) if (values.has(design.values[p])) return false;
  for (const [p, range] of filter.parameterRanges) if (!within(design.numbers[p], range)) return false;
  for (const [m, range] of filter.measureRanges) if (!within(valueOf(design, m, network, fidelity), range)) return false;
  return true;
}

/** How many filters narrow what is shown. */
export const activeFilters = (f) => [...f.without.values()].filter((s) => s.size).length + f.parameterRanges.size + f.measureRanges.size + (f.statuses.size === 1 && f.statuses.has('done') ? 0 : 1) + f.front + f.simulated;
