/** Area of a chip: a sum of parts, or the least that it can be. */

import { figure, intervalText } from './format.js';

/** No part is without a figure. */
export const isComplete = (area) => area?.complete ?? !area?.unknown?.length;

/** The total in words; `at least` where parts have no figure. */
export function areaText(area) {
  if (area.total_mm2 === null) return 'not known';
  const between = intervalText(area.interval_mm2);
  const sum = `${figure(area.total_mm2)} mm²`;
  if (isComplete(area)) return between ? `${sum} (between ${between})` : sum;
  return `at least ${sum}${between ? ` (the parts with a figure: between ${between})` : ''}`;
}
