/**
 * What a component does on the way between DRAM and the MACs, read from its actions: no name is known beforehand.
 *
 * | stage | told by |
 * |---|---|
 * | dram | a component of kind dram, or named so |
 * | coder | decode, encode |
 * | sram | fill, drain |
 * | into | a network with deliver |
 * | out | a network that only sends |
 * | links | hop |
 * | mac | mac, gated_mac, add, compare, activate |
 * | spad | read, write, none of the above |
 */

const TELLS = [
  ['coder', ['decode', 'encode']],
  ['sram', ['fill', 'drain']],
  ['into', ['deliver']],
  ['out', ['send']],
  ['links', ['hop']],
  ['mac', ['mac', 'gated_mac', 'add', 'compare', 'activate']],
  ['spad', ['read', 'write']],
];

/** Counts of a layer as component → tensor → action → bytes. */
export function byComponent(counts) {
  const all = new Map();
  for (const row of counts) {
    if (!all.has(row.component)) all.set(row.component, new Map());
    const tensors = all.get(row.component);
    if (!tensors.has(row.tensor)) tensors.set(row.tensor, new Map());
    tensors.get(row.tensor).set(row.action, row.bytes);
  }
  return all;
}

function stageOf(name, tensors, drams) {
  if (drams.includes(name)) return 'dram';
  const actions = new Set([...tensors.values()].flatMap((t) => [...t.keys()]));
  return TELLS.find(([, tells]) => tells.some((t) => actions.has(t)))?.[0] ?? null;
}

/**
 * The stages of every component over many layers; actions of all of them together tell.
 * @param {object[][]} counts of layers
 * @param {string[]} drams names of the DRAMs
 * @param {object[]} [components] of the architecture, from DRAM inwards; gives the order within a stage
 * @returns {Map<string, string[]>} stage → component names
 */
export function stages(counts, drams, components = []) {
  const all = byComponent(counts.flat());
  const order = (name) => { const at = components.findIndex((c) => c.name === name); return at < 0 ? Infinity : at; };
  const result = new Map([['dram', []], ...TELLS.map(([stage]) => [stage, []])]);
  for (const name of [...all.keys()].sort((a, b) => order(a) - order(b) || 0))
    result.get(stageOf(name, all.get(name), drams))?.push(name);
  return result;
}
