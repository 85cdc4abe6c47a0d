/** Section: energy of every layer, cut and measured as the reader likes. */

import { scaleFor } from '../model/format.js';
import { energyModel } from '../model/energy.js';
import { stackHeight, stackOption } from '../charts/stack.js';
import { Chart } from '../ui/chart.js';
import { radios, toolbar } from '../ui/controls.js';
import { h } from '../ui/dom.js';
import { remark, section } from '../ui/section.js';
import { legendOf, stackTable } from './tables.js';

/** Low and high ends of the layers' energies, for the twin, where the result has them. */
function intervals(run, choice, factor) {
  const all = run.layers.map((l) => l.energy_pj[choice.dram === 'with' ? 'interval' : 'interval_on_chip'] ?? null);
  if (choice.measure !== 'absolute' || !all.some(Boolean)) return [];
  return ['low', 'high'].map((title, end) => ({ title, values: all.map((v) => (v ? v[end] / factor : null)) }));
}

export function energy(page) {
  const chart = new Chart();
  const dropped = h('div', null);
  const choice = { cut: 'component', measure: 'absolute', dram: 'with' };
  const update = () => {
    const run = page.run();
    const raw = energyModel(run, { ...choice, dram: choice.dram === 'with' });
    const { unit, factor } = choice.measure === 'absolute' ? scaleFor(Math.max(...raw.rows.map((r) => r.total), 0), 'pJ') : { unit: raw.unit, factor: 1 };
    const model = { ...raw, rows: raw.rows.map((r) => ({ ...r, values: r.values.map((v) => v / factor) })) };
    const colour = page.colours[choice.cut];
    chart.update({
      label: `Energy of ${model.rows.length} layers of ${run.label} by ${choice.cut}, in ${unit}, ${choice.dram} DRAM.`, height: stackHeight(model.rows.length),
      option: stackOption(model, { colour, unit: choice.measure === 'absolute' ? `energy (${unit})` : unit, most: choice.measure === 'share' ? 100 : undefined, totals: choice.measure !== 'share' }),
      legend: legendOf(model.names, colour), toggles: true,
      table: stackTable(model, { caption: `Energy by ${choice.cut}`, first: 'layer', unit, foot: choice.measure === 'absolute', extra: intervals(run, choice, factor) }),
    });
    dropped.replaceChildren(...(raw.dropped.length ? [remark(`Without operations, so not drawn: ${raw.dropped.join(', ')}.`)] : []));
  };
  const set = (key) => (value) => { choice[key] = value; update(); };
  page.onRun(update);
  const bar = toolbar(page.runControl(),
    radios('Parts', [['component', 'by component'], ['tensor', 'by tensor'], ['confidence', 'by confidence']], choice.cut, set('cut')),
    radios('Measure', [['absolute', 'absolute'], ['share', 'share'], ['per_op', 'pJ per op']], choice.measure, set('measure')),
    radios('Memory', [['with', 'with DRAM'], ['without', 'chip only']], choice.dram, set('dram')));
  return { element: section('energy', 'Energy by layer', 'Each bar is a layer’s counts times their prices. Components take the hue of the tensor they serve; greys are what time costs. A click on a name hides it.', bar, chart.element, dropped), start: update };
}
