/** Section: bytes between DRAM and the MACs. */

import { trafficModel } from '../model/traffic.js';
import { sankeyHeight, sankeyOption } from '../charts/sankey.js';
import { Chart } from '../ui/chart.js';
import { radios, toolbar } from '../ui/controls.js';
import { note, section } from '../ui/section.js';
import { legendOf, number, text } from './tables.js';

const bare = (model, id) => model.nodes.find((n) => n.id === id).component;

const twin = (model, caption) => ({
  caption, columns: [text('from'), text('to'), text('tensor'), number('bytes', 'B', (v) => v.toLocaleString('en-US')), text('counted by'), text('as')],
  rows: model.flows.map((f) => [bare(model, f.source), bare(model, f.target), f.tensor, f.bytes, f.component, f.action]),
});

export function traffic(page) {
  const chart = new Chart();
  let whole = 'array';
  const layers = page.layerControl(() => update(), true);
  const update = () => {
    const layer = layers.layer();
    const model = trafficModel(page.run(), { layer: layer?.name ?? null, whole: whole === 'macs' });
    const tensors = [...new Set(model.flows.map((f) => f.tensor))];
    chart.update({
      label: `Traffic in ${layer?.name ?? 'all layers'} of ${page.run().label}, ${model.flows.length} flows in bytes.`, height: sankeyHeight(model), least: 760,
      option: sankeyOption(model, page.colours), legend: legendOf(tensors, page.colours.tensor), toggles: true,
      table: twin(model, `Traffic in ${layer?.name ?? 'all layers'}`),
    });
  };
  page.onRun(() => { layers.refresh(); update(); });
  const bar = toolbar(page.runControl(), layers.element, radios('Way', [['array', 'DRAM to PEs'], ['macs', 'DRAM to MACs']], whole, (value) => { whole = value; update(); }));
  return {
    element: section('traffic', 'Traffic', 'From DRAM at the left through buffers and networks to the MACs, and ofmaps on to DRAM at the right. The width of a link is the bytes that its left end counted as it handed them over; a MAC counts none and a coder only decoded ones, so there the right end’s count is taken.',
      bar, chart.element, note('A component that both takes words in and gives results out stands on both sides. What it gives exceeds what it takes where words are multicast or used again. Words that PEs hand to each other are drawn where they arrive.')), start: update,
  };
}
