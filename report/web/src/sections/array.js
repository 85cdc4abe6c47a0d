/** Section: how busy each PE of the array was. */

import { figure, percent } from '../model/format.js';
import { heatmapModel } from '../model/heatmap.js';
import { isClosed } from '../model/runs.js';
import { heatmapHeight, heatmapOption, heatmapWidth } from '../charts/heatmap.js';
import { Chart } from '../ui/chart.js';
import { toolbar } from '../ui/controls.js';
import { h } from '../ui/dom.js';
import { remark, section } from '../ui/section.js';
import { number, share } from './tables.js';

const twin = (layer, model) => ({
  caption: model.side > 1 ? `Squares of ${model.side} × ${model.side} PEs in ${layer.name}` : `PEs in ${layer.name}`, columns: [number('row', null, String), number('column', null, String), number(model.slots, null, (v) => v.toLocaleString('en-US')), share('of all cycles')],
  rows: model.cells.map(([c, r, v, macs]) => [r, c, macs, v]),
});

/** What stands in place of the map. */
function missing(run, layer) {
  const gives = layer ? `; its mapping gives work to ${figure(layer.active_pes)} of ${figure(run.result.architecture.pes)} PEs in ${layer.name}` : '';
  return remark(isClosed(run) ? `${run.label} was not simulated: closed form${gives}.` : `The result of ${run.label} does not say how many MACs each PE did${gives}.`);
}

export function array(page) {
  const chart = new Chart();
  const below = h('div', null);
  const layers = page.layerControl(() => update());
  const update = () => {
    const layer = layers.layer();
    const model = layer && heatmapModel(layer);
    chart.element.hidden = !model;
    if (!model) return below.replaceChildren(missing(page.run(), layer));
    chart.update({
      label: `Utilization of ${model.pes} PEs in ${layer.name}: ${percent(model.mean)} on average, ${model.idle} PEs idle.`,
      height: heatmapHeight(model.rows), least: heatmapWidth(model.columns), option: heatmapOption(model), table: twin(layer, model),
    });
    return below.replaceChildren(remark(`${layer.name}: ${percent(model.mean)} on average; the busiest PE ${percent(model.highest)}; ${model.idle} of ${model.pes} PEs without ${model.slots === 'MACs' ? 'a MAC' : 'an operation'}.${model.side > 1 ? ` A cell is the mean of ${model.side} × ${model.side} PEs.` : ''}`));
  };
  page.onRun(() => { layers.refresh(); update(); });
  return { element: section('array', 'Utilization of the array', 'MACs that each PE did, gated ones included, over the cycles of the layer, in percent; for layers without MACs the operations that take their slots. Row 0 is at the top.', toolbar(page.runControl(), layers.element), chart.element, below), start: update };
}
