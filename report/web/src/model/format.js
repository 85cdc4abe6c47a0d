/** Numbers as text: four significant digits to read, everything to copy. */

const PREFIXES = {
  pJ: [['pJ', 1], ['nJ', 1e3], ['µJ', 1e6], ['mJ', 1e9], ['J', 1e12]],
  B: [['B', 1], ['kB', 1e3], ['MB', 1e6], ['GB', 1e9], ['TB', 1e12]],
  ms: [['ns', 1e-6], ['µs', 1e-3], ['ms', 1], ['s', 1e3]],
  mW: [['µW', 1e-3], ['mW', 1], ['W', 1e3]],
  'PE-cycles': [['PE-cycles', 1], ['k PE-cycles', 1e3], ['M PE-cycles', 1e6], ['G PE-cycles', 1e9]],
};

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const significant = new Map();  // of digits; making one takes far longer than using it

function significantTo(digits) {
  if (!significant.has(digits)) significant.set(digits, new Intl.NumberFormat('en-US', { maximumSignificantDigits: digits }));
  return significant.get(digits);
}

/** True for a number that can be shown. */
export const isNumber = (v) => typeof v === 'number' && Number.isFinite(v);

/**
 * A figure to read: grouped from 1,000 on, else with `digits` significant digits.
 * @param {?number} v
 * @param {number} [digits]
 * @returns {string} `–` where there is none
 */
export function figure(v, digits = 4) {
  if (!isNumber(v)) return '–';
  if (v === 0) return '0';
  const size = Math.abs(v);
  if (size >= 1e15 || size < 1e-4) return v.toExponential(digits - 1).replace('e-', 'e−').replace('e+', 'e');
  const text = (size >= 10 ** (digits - 1) ? whole : significantTo(digits)).format(v);
  return text.replace('-', '−');
}

/** A share (0 to 1) in percent, one decimal. */
export const percent = (v) => (isNumber(v) ? `${(100 * v).toFixed(1).replace('-', '−')} %` : '–');

/** A figure with its unit, the prefix chosen for this figure alone: 80,387,127,380 pJ is `80.39 mJ`. */
export function withUnit(v, unit) {
  if (!isNumber(v)) return '–';
  const scale = scaleFor(Math.abs(v), unit);
  return `${figure(v / scale.factor)} ${scale.unit}`;
}

/**
 * The prefix in which a set of figures reads best.
 * @param {number} largest of the set, in `unit`
 * @param {string} unit one with prefixes (pJ, B, ms, mW, PE-cycles), or any other, which stays
 * @returns {{unit: string, factor: number}} divide by `factor`
 */
export function scaleFor(largest, unit) {
  const table = PREFIXES[unit];
  if (!table) return { unit, factor: 1 };
  const fits = table.filter(([, factor]) => largest >= factor);
  const [name, factor] = fits.length ? fits[fits.length - 1] : table[0];
  return { unit: name, factor };
}

/** `low – high` in the same digits as the figure; empty without an interval. */
export function intervalText(interval, factor = 1) {
  if (!Array.isArray(interval) || !interval.every(isNumber)) return '';
  return `${figure(interval[0] / factor, 3)} – ${figure(interval[1] / factor, 3)}`;
}

/** A name of the data as words: `wait_psum_in` is `wait psum in`. */
export const words = (name) => String(name).replaceAll('_', ' ');
