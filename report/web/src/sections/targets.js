/** Targets of the experiment and what a battery makes of a run. */

import { figure, percent } from '../model/format.js';
import { h } from '../ui/dom.js';
import { section, note } from '../ui/section.js';
import { table } from '../ui/table.js';
import { number, share, text } from './tables.js';

function targetTable(runs) {
  const rows = runs.flatMap((r) => (r.result.targets ?? []).map((t) => [
    r.label, t.name, t.bound, t.wanted, t.ours, t.unit, t.basis, { value: t.met ? 'met' : 'missed', tone: t.met ? 'good' : 'bad' }, t.margin]));
  return rows.length && { id: 'target-table', caption: 'Targets', rows, columns: [text('run'), text('target'), text('bound'), number('wanted'), number('ours'), text('unit'), text('basis'), text('verdict'), share('margin')] };
}

function batteryText({ label, result: { battery: b } }) {
  if (!b) return null;
  const head = `${figure(b.capacity_mah)} mAh at ${figure(b.voltage_v)} V are ${figure(b.energy_j)} J. `;
  if (!b.possible) return h('div', { class: 'battery' }, h('h3', null, `Battery, ${label}`), note(head, `This many inferences an hour are not possible: the run manages ${figure(b.most_inferences_per_hour)} at most.`));
  return h('div', { class: 'battery' }, h('h3', null, `Battery, ${label}`),
    note(head, h('b', null, `It lasts ${figure(b.life_days)} days`), ` (${figure(b.life_h)} h, ${figure(b.inferences)} inferences) at ${figure(b.average_power_mw)} mW on average, `,
      `the machine busy ${percent(b.duty)} of the time and drawing ${figure(b.idle_power_mw)} mW otherwise; energy ${b.basis.replaceAll('_', ' ')}. At most ${figure(b.most_inferences_per_hour)} inferences an hour are possible.`));
}

/** Section, only where something was asked. */
export function targets({ runs }) {
  const model = targetTable(runs);
  const batteries = runs.map(batteryText).filter(Boolean);
  if (!model && !batteries.length) return null;
  return { element: section('targets', 'Targets and battery', 'The margin is a share of what was wanted; a negative one is a miss.', model ? table(model) : null, batteries) };
}
