/** Layers under the roof of their machine: operations per DRAM byte against GOP/s. */

import { isNumber } from './format.js';

/** Peak in GOP/s, and how it is known. */
export function peakOf(architecture) {
  if (isNumber(architecture.peak_gops)) return { gops: architecture.peak_gops, origin: 'peak of the architecture' };
  const lanes = architecture.lanes ?? 1;
  return {
    gops: (2 * architecture.pes * lanes * architecture.frequency_mhz) / 1e3,
    origin: `2 × ${architecture.pes} PEs × ${architecture.frequency_mhz} MHz`,
  };
}

/**
 * @param {object[]} runs
 * @returns {Array<{label: string, peak: {gops: number, origin: string}, bandwidth: ?number, ridge: ?number,
 *   points: Array<{name: string, intensity: number, gops: number, roof: number, share: number, bound: string}>,
 *   left: string[]}>} bandwidth in GB/s; intensity in operations per byte as coded; `left` are layers without
 *   operations or DRAM traffic
 */
export function rooflineModel(runs) {
  return runs.map((run) => {
    const peak = peakOf(run.result.architecture);
    const bandwidth = isNumber(run.result.architecture.dram_gb_per_s) ? run.result.architecture.dram_gb_per_s : null;
    const drawn = run.layers.filter((l) => l.ops > 0 && l.dram_bytes.total > 0);
    const points = drawn.map((layer) => {
      const intensity = layer.ops / layer.dram_bytes.total;
      const roof = bandwidth === null ? peak.gops : Math.min(peak.gops, bandwidth * intensity);
      const bound = bandwidth === null ? 'peak' : roof < peak.gops ? 'DRAM bandwidth' : 'peak';
      return { name: layer.name, intensity, gops: layer.gops, roof, share: layer.gops / roof, bound };
    });
    return {
      label: run.label, peak, bandwidth, ridge: bandwidth === null ? null : peak.gops / bandwidth, points,
      left: run.layers.filter((l) => !drawn.includes(l)).map((l) => l.name),
    };
  });
}
