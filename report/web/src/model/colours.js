/**
 * One colour for each component, tensor, cause and confidence, the same in every chart. A component takes the hue of the
 * tensor that it serves, and a lightness of its own within that hue; who serves several takes the hue of its stage. Base
 * hues are those of Okabe and Ito, which people with colour-blindness tell apart; parts are also told by their order.
 */

import { stages } from './topology.js';
import { dramNames } from './runs.js';

const HUES = {
  input: ['#0072b2', '#56a8d8', '#0b4f7d', '#8cc6e8', '#2f8cc4'],
  weight: ['#e69f00', '#b87400', '#f4c45c', '#8a5600', '#ffd98f'],
  output: ['#009e73', '#5cc3a3', '#006c4f', '#97dac5', '#2fb08a'],
  dram: ['#474c7d', '#7b80b4', '#2f335c'],
  sram: ['#a4509b', '#c98bc3', '#7a3573', '#e0b8dc'],
  compute: ['#d55e00', '#f08c45', '#9c4500', '#ffb585'],
  coder: ['#8a8f2a', '#b8bd5e'],
  time: ['#7d8791', '#a9b1b9', '#5a636c', '#c6ccd2'],
  other: ['#b0647a', '#6b8e9f', '#9a7b4f', '#5f7f5a', '#8d78b8'],
};

const CAUSES = { mac: '#d55e00', gated_mac: '#f6b48a', accumulate: '#cc79a7', pass_barrier: '#b9a7d6', unmapped: '#d3d7db', fill_drain: '#8f98a1' };
const WAITS = { input: '#8cc6e8', weight: '#f4d58a', psum_in: '#97dac5', psum_out: '#c3e6a8', output: '#97dac5' };
const CONFIDENCE = ['#00734f', '#4fae91', '#56a8d8', '#e69f00', '#d55e00', '#a4509b'];

const take = (hue, index) => HUES[hue][index % HUES[hue].length];

/** The hue of a component: its tensor's if it serves one, else its stage's. */
function hueOf(name, stage, served) {
  if (stage === 'dram' || stage === 'coder') return stage;
  if (stage === 'mac') return 'compute';
  if (served.size === 1 && HUES[[...served][0]]) return [...served][0];
  return stage === undefined ? 'time' : stage === 'sram' ? 'sram' : 'other';
}

function componentColours(runs) {
  const hues = new Map();
  for (const run of runs) {
    const at = stages(run.layers.map((l) => l.counts ?? []), dramNames(run));
    const stage = new Map([...at].flatMap(([s, names]) => names.map((n) => [n, s])));
    const served = new Map();
    for (const row of run.layers.flatMap((l) => l.counts ?? []))
      served.set(row.component, (served.get(row.component) ?? new Set()).add(row.tensor));
    const names = Object.keys(run.result.totals?.energy_pj?.by_component ?? {});
    for (const name of [...names, ...stage.keys()])
      if (!hues.has(name)) hues.set(name, hueOf(name, stage.get(name), served.get(name) ?? new Set()));
  }
  const used = new Map();
  return new Map([...hues].map(([name, hue]) => {
    const index = used.get(hue) ?? 0;
    used.set(hue, index + 1);
    return [name, take(hue, index)];
  }));
}

function causeColour(name, index) {
  if (CAUSES[name]) return CAUSES[name];
  const [, why, what] = /^([a-z]+)_(.+)$/.exec(name) ?? [];
  if (why === 'wait' && WAITS[what]) return WAITS[what];
  return HUES[what] ? take(what, 0) : take('other', index);
}

function tensorColour(name, index) {
  if (HUES[name]) return HUES[name][0];
  return take('time', index);
}

/**
 * Colours for all that the runs name; what a run lacks has none.
 * @param {object[]} runs
 * @returns {{component: function(string): string, tensor: function(string): string, cause: function(string): string,
 *   confidence: function(string): string, run: function(number): string}}
 */
export function colourBook(runs) {
  const components = componentColours(runs);
  const unique = (read) => [...new Set(runs.flatMap(read))];
  const tensors = unique((r) => Object.keys(r.result.totals?.energy_pj?.by_tensor ?? {})).filter((t) => !HUES[t]);
  const causes = unique((r) => Object.keys(r.result.totals?.cycle_stack ?? {}));
  const trusts = unique((r) => (r.result.energy_table?.prices ?? []).map((p) => p.confidence)).sort();
  return {
    component: (name) => components.get(name) ?? HUES.other[0],
    tensor: (name) => tensorColour(name, tensors.indexOf(name)),
    cause: (name) => causeColour(name, causes.indexOf(name)),
    confidence: (name) => CONFIDENCE[Math.max(0, trusts.indexOf(name)) % CONFIDENCE.length],
    run: (index) => ['#0072b2', '#d55e00', '#009e73', '#a4509b', '#e69f00', '#474c7d'][index % 6],
  };
}
