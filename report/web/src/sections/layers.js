/** All layers of a run in one table. */

import { section } from '../ui/section.js';
import { h } from '../ui/dom.js';
import { table } from '../ui/table.js';
import { toolbar } from '../ui/controls.js';
import { number, share, text } from './tables.js';

/** Columns: heading, unit, and what a layer (or the totals) has there. */
const COLUMNS = [
  [number('MACs', 'M'), (l) => l.macs / 1e6],
  [number('cycles'), (l) => l.cycles],
  [number('latency', 'ms'), (l) => l.latency_ms],
  [number('active PEs'), (l) => l.active_pes],
  [share('utilization'), (l) => l.utilization],
  [share('zero inputs'), (l) => l.input_zeros],
  [number('energy', 'µJ'), (l) => l.energy_pj.total / 1e6],
  [number('of it chip', 'µJ'), (l) => l.energy_pj.on_chip / 1e6],
  [number('power', 'mW'), (l) => l.power_mw],
  [number('rate', 'GOP/s'), (l) => (l.ops > 0 ? l.gops : null)],
  [number('efficiency', 'TOP/W'), (l) => (l.ops > 0 ? l.tops_per_w : null)],
  [number('efficiency, chip', 'TOP/W'), (l) => (l.ops > 0 ? l.tops_per_w_chip : null)],
  [number('DRAM', 'kB'), (l) => l.dram_bytes.total / 1e3],
  [number('wrong words'), (l) => (l.functional?.checked ? l.functional.mismatches : null)],
];

/** The table of one run; layers that ran elsewhere stand in their place, with the reason. */
export function layerTable(run) {
  const rows = run.result.layers.map((l) => [{ value: l.name, note: l.part_of ? `of ${l.part_of}` : undefined }, l.op,
    ...COLUMNS.map(([, of]) => (l.place === 'machine' ? of(l) ?? null : null)), l.place === 'machine' ? '' : `${l.place}: ${l.reason}`]);
  return {
    id: 'layer-table', caption: `Layers of ${run.label}`, rows,
    columns: [text('layer'), text('operation'), ...COLUMNS.map(([c]) => c), text('not on the machine')],
    total: ['all', '', ...COLUMNS.map(([, of]) => of(run.result.totals) ?? null), ''],
  };
}

/** Section. */
export function layers(page) {
  const body = h('div', null);
  const start = () => body.replaceChildren(table(layerTable(page.run())));
  page.onRun(start);
  return { element: section('layers', 'Layers', 'Utilization is MAC slots over PE-cycles, zero inputs included. Layers without MACs have no operations, so no rate and no efficiency.', toolbar(page.runControl()), body), start };
}
