/** Bytes from DRAM to the MACs and back, as wide as they are many. */

import { withUnit } from '../model/format.js';
import { tip } from './parts.js';

/** Height in CSS pixels: more where many networks lie side by side. */
export function sankeyHeight(model) {
  const rows = new Map();
  for (const n of model.nodes) rows.set(n.depth, (rows.get(n.depth) ?? 0) + 1);
  return Math.max(300, Math.max(...rows.values()) * 64 + 60);
}

const SIDES = { in: 'towards the MACs', out: 'away from the MACs', mac: '' };

/**
 * @param {ReturnType<import('../model/traffic.js').trafficModel>} model
 * @param {{component: function(string): string, tensor: function(string): string}} colours
 */
export function sankeyOption(model, colours) {
  const component = new Map(model.nodes.map((n) => [n.id, n]));
  const node = (id) => component.get(id).component;
  return (ink, width, hidden) => {
    const flows = model.flows.filter((f) => !hidden.has(f.tensor));
    const used = new Set(flows.flatMap((f) => [f.source, f.target]));
    return {
      tooltip: {
        trigger: 'item', formatter: ({ dataType, data }) => (dataType === 'edge'
          ? tip(`${node(data.source)} → ${node(data.target)}`, [[colours.tensor(data.tensor), data.tensor, withUnit(data.value, 'B')], [null, 'exactly', `${data.value.toLocaleString('en-US')} B`]], `counted by ${data.counted}`)
          : tip(node(data.name), flows.filter((f) => f.source === data.name || f.target === data.name).map((f) => [colours.tensor(f.tensor), `${f.source === data.name ? 'to' : 'from'} ${node(f.source === data.name ? f.target : f.source)}`, withUnit(f.bytes, 'B')]), SIDES[component.get(data.name).side])),
      },
      series: [{
        type: 'sankey', left: 12, right: 108, top: 16, bottom: 16, nodeWidth: 12, nodeGap: 20, nodeAlign: 'justify', draggable: false, layoutIterations: 64,
        emphasis: { focus: 'adjacency' }, label: { color: ink.ink, fontSize: 12, formatter: ({ name }) => node(name), textBorderColor: ink.paper, textBorderWidth: 3 },
        data: model.nodes.filter((n) => used.has(n.id)).map((n) => ({ name: n.id, depth: n.depth, itemStyle: { color: n.side === 'mac' ? '#d55e00' : colours.component(n.component), borderWidth: 0 } })),
        links: flows.map((f) => ({ source: f.source, target: f.target, value: f.bytes, tensor: f.tensor, counted: `${f.component}, ${f.action}`, lineStyle: { color: colours.tensor(f.tensor), opacity: ink.dark ? 0.5 : 0.4, curveness: 0.5 } })),
      }],
    };
  };
}
