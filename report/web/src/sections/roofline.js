/** Section: layers under the roofs of their machines. */

import { figure } from '../model/format.js';
import { rooflineModel } from '../model/roofline.js';
import { rooflineOption } from '../charts/roofline.js';
import { Chart } from '../ui/chart.js';
import { remark, section } from '../ui/section.js';
import { number, share, text } from './tables.js';

const twin = (model) => ({
  caption: 'Roofline', columns: [text('run'), text('layer'), number('intensity', 'op/B'), number('rate', 'GOP/s'), number('roof', 'GOP/s'), share('of its roof'), text('roof is')],
  rows: model.flatMap((r) => r.points.map((p) => [r.label, p.name, p.intensity, p.gops, p.roof, p.share, p.bound])),
});

function remarks(model) {
  const left = [...new Set(model.flatMap((r) => r.left))];
  return model.map((r) => (
    r.bandwidth === null ? remark(`${r.label}: the result does not say the bandwidth of DRAM, so its roof is flat; the peak is ${figure(r.peak.gops)} GOP/s (${r.peak.origin}).`)
      : remark(`${r.label}: peak ${figure(r.peak.gops)} GOP/s (${r.peak.origin}), DRAM ${figure(r.bandwidth)} GB/s; they meet at ${figure(r.ridge)} op/B.`)
  )).concat(left.length ? remark(`Without operations or without DRAM traffic, so not drawn: ${left.join(', ')}.`) : []);
}

export function roofline({ runs, colours }) {
  const model = rooflineModel(runs);
  if (!model.some((r) => r.points.length)) return null;
  const chart = new Chart();
  const start = () => chart.update({
    label: `Roofline of ${model.map((r) => `${r.points.length} layers of ${r.label}`).join(' and ')}: operations per DRAM byte against GOP/s.`, height: 440,
    option: rooflineOption(model, colours.run), table: twin(model), toggles: runs.length > 1,
    legend: runs.length > 1 ? runs.map((r) => ({ name: r.label, colour: colours.run(r.index) })) : null,
  });
  return { element: section('roofline', 'Roofline', 'A point is a layer. Points under the slope could go faster with more DRAM bandwidth or reuse; points under the flat part with more, or busier, PEs.', chart.element, remarks(model)), start };
}
