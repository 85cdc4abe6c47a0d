/**
 * Bytes on their way from DRAM to the MACs and back, as the links of a Sankey diagram. Every size is a counted one: the
 * bytes that the link's left end counted as it handed them over; where that end counts none (a MAC) or counts them
 * decoded (a coder in front of DRAM), the right end's. What a node takes in and gives out differs where words are
 * coded, multicast, read again, or stay.
 */

import { byComponent, stages } from './topology.js';
import { dramNames } from './runs.js';

/** @typedef {{source: string, target: string, tensor: string, bytes: number, component: string, action: string}} Flow */

/** Collects flows of one tensor in one layer; sizes of zero are kept out. */
class Path {
  constructor(table, tensor) {
    this.table = table;
    this.tensor = tensor;
    this.flows = [];
  }

  bytes(component, action) {
    return this.table.get(component)?.get(this.tensor)?.get(action) ?? 0;
  }

  /** Components of a stage that did something with this tensor. */
  those(names, ...actions) {
    return names.filter((n) => actions.some((a) => this.bytes(n, a) > 0));
  }

  link(source, target, component, action) {
    const bytes = this.bytes(component, action);
    if (bytes > 0) this.flows.push({ source, target, tensor: this.tensor, bytes, component, action });
  }
}

const IN = 'in: ';
const OUT = 'out: ';

/** DRAM to the last buffer; returns who hands words to the network, and by which action. */
function towardsBuffer(path, at) {
  let from = path.those(at.get('dram'), 'read').map((name) => ({ node: IN + name, component: name, action: 'read' }));
  const decoder = path.those(at.get('coder'), 'decode')[0];
  if (decoder && from.length) {
    for (const f of from) path.link(f.node, IN + decoder, f.component, f.action);
    from = [{ node: IN + decoder, component: decoder, action: 'decode' }];
  }
  for (const buffer of path.those(at.get('sram'), 'fill', 'read')) {
    if (path.bytes(buffer, 'fill') > 0) for (const f of from) path.link(f.node, IN + buffer, f.component, f.action);
    from = [{ node: IN + buffer, component: buffer, action: 'read' }];
  }
  return from;
}

/** Last buffer to the MACs, through networks and spads. */
function towardsMacs(path, at, from, mac, whole) {
  const spads = whole ? path.those(at.get('spad'), 'read') : [];
  const first = spads.length && path.tensor !== 'output' ? IN + spads[0] : mac;
  const into = path.those(at.get('into'), 'deliver');
  for (const network of into) {
    for (const f of from) path.link(f.node, IN + network, f.component, f.action);
    path.link(IN + network, first, network, 'deliver');
  }
  if (!into.length) for (const f of from) path.link(f.node, first, f.component, f.action);
  for (const links of path.those(at.get('links'), 'hop')) path.link(IN + links, first, links, 'hop');
  spads.forEach((spad, i) => {
    const next = i + 1 < spads.length && path.tensor !== 'output' ? IN + spads[i + 1] : mac;
    path.link(IN + spad, next, spad, 'read');
  });
}

/** Psums into spads, ofmaps through networks, buffers and coders back to DRAM. */
function backToDram(path, at, mac, whole) {
  if (path.tensor !== 'output') return;
  if (whole) for (const spad of path.those(at.get('spad'), 'write')) path.link(mac, OUT + spad, spad, 'write');
  const networks = path.those(at.get('out'), 'send');
  const buffers = path.those(at.get('sram'), 'write', 'drain');
  const encoder = path.those(at.get('coder'), 'encode')[0];
  const drams = path.those(at.get('dram'), 'write');
  const beyond = encoder ? [encoder] : drams;
  const after = buffers.length ? buffers.slice(0, 1) : beyond;
  for (const network of networks) {
    for (const node of after) {
      path.link(mac, OUT + network, network, 'send');
      path.link(OUT + network, OUT + node, network, 'send');
    }
  }
  if (!networks.length) for (const b of buffers.slice(0, 1)) path.link(mac, OUT + b, b, 'write');
  for (const buffer of buffers.slice(-1)) for (const node of beyond) path.link(OUT + buffer, OUT + node, buffer, 'drain');
  if (encoder) for (const dram of drams) path.link(OUT + encoder, OUT + dram, dram, 'write');
}

function flowsOf(layer, at, macNode, whole) {
  const table = byComponent(layer.counts);
  const tensors = [...new Set(layer.counts.map((c) => c.tensor))];
  return tensors.flatMap((tensor) => {
    const path = new Path(table, tensor);
    towardsMacs(path, at, towardsBuffer(path, at), macNode, whole);
    backToDram(path, at, macNode, whole);
    return path.flows;
  });
}

/** Columns of the diagram, from left to right. */
const DEPTHS = { dram: 0, coder: 1, sram: 2, into: 3, links: 3, spad: 4 };
const DEPTHS_OUT = { spad: 6, out: 6, sram: 7, coder: 8, dram: 9 };

function nodesOf(flows, at, macNode) {
  const stage = new Map([...at].flatMap(([s, names]) => names.map((n) => [n, s])));
  const ids = [...new Set(flows.flatMap((f) => [f.source, f.target]))];
  const nodes = ids.map((id) => {
    if (id === macNode) return { id, component: macNode, side: 'mac', depth: 5 };
    const [side, component] = id.startsWith(IN) ? ['in', id.slice(IN.length)] : ['out', id.slice(OUT.length)];
    // What goes straight to the MACs stands beside the spads, so that no link runs behind one.
    const last = side === 'in' && flows.every((f) => f.source !== id || f.target === macNode);
    return { id, component, side, depth: last ? DEPTHS.spad : (side === 'in' ? DEPTHS : DEPTHS_OUT)[stage.get(component)] };
  });
  const used = [...new Set(nodes.map((n) => n.depth))].sort((a, b) => a - b);
  return nodes.map((n) => ({ ...n, depth: used.indexOf(n.depth) }));
}

/**
 * @param {object} run
 * @param {{layer: ?string, whole: boolean}} choice a layer's name, or null for all of them; `whole`: on to the spads and
 *   MACs, else the PEs are one node
 * @returns {{nodes: Array<{id: string, component: string, side: 'in'|'mac'|'out', depth: number}>, flows: Flow[]}}
 */
export function trafficModel(run, { layer = null, whole = false }) {
  const at = stages(run.layers.map((l) => l.counts), dramNames(run), run.result.architecture.components);
  const macNode = whole ? at.get('mac').join(' + ') || 'MACs' : 'PEs';
  const sums = new Map();
  for (const l of layer === null ? run.layers : run.layers.filter((x) => x.name === layer))
    for (const flow of flowsOf(l, at, macNode, whole)) {
      const key = [flow.source, flow.target, flow.tensor, flow.component, flow.action].join('\n');
      const sum = sums.get(key);
      if (sum) sum.bytes += flow.bytes;
      else sums.set(key, { ...flow });
    }
  const flows = [...sums.values()];
  return { nodes: nodesOf(flows, at, macNode), flows };
}
