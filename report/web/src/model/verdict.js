/** What a run says about itself: right or wrong, targets met or missed, whole or in part. */

import { figure, isNumber, percent } from './format.js';
import { isClosed } from './runs.js';

/** @typedef {{state: 'good'|'bad'|'note', text: string}} Verdict */

function functional(run) {
  const { checked, mismatches } = run.result.totals?.functional ?? {};
  const stuck = run.layers.filter((l) => l.deadlock);
  const verdicts = stuck.map((l) => ({
    state: 'bad',
    text: `${l.name} could not go on after cycle ${figure(l.deadlock.at_cycle)}: ${[l.deadlock.wait_for].flat().join('; ')}`,
  }));
  if (mismatches > 0) verdicts.push({ state: 'bad', text: `${mismatches.toLocaleString('en-US')} ofmap words differ from the reference` });
  else if (isClosed(run)) verdicts.push({ state: 'note', text: 'Closed form estimate: not simulated, so no ofmap word was computed and nothing compared with the reference' });
  else if (!checked) verdicts.push({ state: 'note', text: 'Ofmap words were not compared with the reference' });
  else if (!stuck.length) verdicts.push({ state: 'good', text: 'All ofmap words equal the reference, bit for bit' });
  return verdicts;
}

/** Why a target is missed: by so much, or though the figure would do, or without a figure. */
function missed(target) {
  if (!isNumber(target.ours)) return 'missed, as the run has no such figure';
  return target.margin < 0 ? `missed by ${percent(-target.margin)}` : 'missed, as the run is not complete';
}

/** One target in words: `tops_per_w: 0.07209 TOP/W with DRAM, at least 1 wanted: missed by 92.8 %`. */
export function targetVerdict(target) {
  const basis = target.basis ? ` (${target.basis})` : '';
  return {
    state: target.met ? 'good' : 'bad',
    text: `${target.name}: ${figure(target.ours)} ${target.unit}${basis}, ${target.bound} ${figure(target.wanted)} wanted: ` +
      (target.met ? `met, with ${percent(target.margin)} to spare` : missed(target)),
  };
}

function partial(run) {
  const out = run.result.totals?.left_out ?? [];
  const verdicts = [];
  if (out.length)
    verdicts.push({ state: 'note', text: `Part of the network: ${out.length} of ${out.length + run.layers.length} layers of the machine were not run (${out.join(', ')})` });
  const host = run.apart.filter((l) => l.place === 'host');
  if (host.length)
    verdicts.push({ state: 'note', text: `On the host, cost not modelled and in no figure: ${host.map((l) => `${l.name} (${l.op})`).join(', ')}` });
  return verdicts;
}

/**
 * All verdicts of a run, the hard ones first.
 * @returns {Verdict[]}
 */
export function verdicts(run) {
  return [...functional(run), ...(run.result.targets ?? []).map(targetVerdict), ...partial(run)];
}
