/** Section: where every PE-cycle went. */

import { scaleFor } from '../model/format.js';
import { cycleModel, hasCycles } from '../model/cycles.js';
import { isClosed } from '../model/runs.js';
import { stackHeight, stackOption } from '../charts/stack.js';
import { Chart } from '../ui/chart.js';
import { radios, toolbar } from '../ui/controls.js';
import { h } from '../ui/dom.js';
import { remark, section } from '../ui/section.js';
import { legendOf, stackTable } from './tables.js';

/** Section, but for runs of which all are estimates that know no causes. */
export function cycles(page) {
  if (page.runs.every((r) => isClosed(r) && !hasCycles(r))) return null;
  const chart = new Chart();
  const below = h('div', null);
  let measure = 'share';
  const update = () => {
    const run = page.run();
    chart.element.hidden = isClosed(run) && !hasCycles(run);
    below.replaceChildren(...(chart.element.hidden ? [remark(`${run.label} was not simulated: closed form.`)] : []));
    if (chart.element.hidden) return;
    const raw = cycleModel(run, measure);
    const { unit, factor } = measure === 'absolute' ? scaleFor(Math.max(...raw.rows.map((r) => r.total), 0), 'PE-cycles') : { unit: raw.unit, factor: 1 };
    const model = { ...raw, rows: raw.rows.map((r) => ({ ...r, values: r.values.map((v) => v / factor) })) };
    chart.update({
      label: `PE-cycles of ${model.rows.length} layers of ${run.label} by cause, in ${unit}.`, height: stackHeight(model.rows.length),
      option: stackOption(model, { colour: page.colours.cause, unit, most: measure === 'share' ? 100 : undefined, totals: measure === 'absolute' }),
      legend: legendOf(model.names, page.colours.cause), toggles: true,
      table: stackTable(model, { caption: 'PE-cycles by cause', first: 'layer', unit, foot: measure === 'absolute' }),
    });
  };
  page.onRun(update);
  const bar = toolbar(page.runControl(), radios('Measure', [['share', 'share'], ['absolute', 'absolute']], measure, (value) => { measure = value; update(); }));
  return { element: section('cycles', 'Where every PE-cycle went', 'A bar is all PEs times all cycles of a layer; every PE-cycle has exactly one cause. Vermilion is arithmetic; the hue of a tensor means waiting for it, strong if DRAM brings or takes it; light grey is a PE without work.', bar, chart.element, below), start: update };
}
