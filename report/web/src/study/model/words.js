/** What the page says of designs. */

import { figure, isNumber } from '../../model/format.js';
import { figureOf, valueText } from './document.js';

const STATUS = {
  done: 'done', excluded: 'excluded by a constraint', illegal: 'not a legal machine', no_mapping: 'a layer without a mapping', deadlocked: 'deadlocked', out_of_memory: 'out of memory', crashed: 'crashed', wrong: 'wrong ofmap words',
};

/** A status in words. */
export const statusText = (status) => STATUS[status] ?? String(status).replaceAll('_', ' ');

/** Fidelities that figures can be shown in: value and text. */
export const FIDELITIES = [['best', 'simulated, else closed form'], ['closed', 'closed form'], ['simulated', 'simulated only']];

/** `+1.2 %`. */
export const errorText = (error) => (isNumber(error) ? `${error > 0 ? '+' : ''}${figure(100 * error, 3)} %` : '–');

/** How many designs have each status, done first, in the order of their numbers. */
export function statusCounts(designs) {
  const counts = new Map();
  for (const d of designs) counts.set(d.status, (counts.get(d.status) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => (b === 'done') - (a === 'done') || m - n);
}

/** What kind of design it is: `on the front, simulated`. */
export const kindOf = (d) => [d.done ? null : statusText(d.status), d.front ? 'on the front' : null, d.simulated ? 'simulated' : 'closed form', d.sampled ? 'in the random sample' : null].filter(Boolean).join(', ');

/** What changes from design to design: `rows 8, glb 64 KiB`. */
export const choiceText = (study, design) => study.parameters.filter((p) => !p.constant).map((p) => `${p.label} ${valueText(p, design.values[p.index])}`).join(', ');

/** One design as a sentence, for those who listen. */
export function sentenceOf(study, design, measures, { network, fidelity }) {
  const figures = measures.map((i) => {
    const f = figureOf(design, i, network, fidelity);
    return `${study.measures[i].label} ${f ? `${figure(f.value)} ${study.measures[i].unit}` : 'not known'}`;
  });
  return `Design ${design.number}, ${kindOf(design)}: ${[...new Set(figures)].join('; ')}. ${choiceText(study, design)}.${design.report ? '' : ' It has no report.'}`;
}
