/** Offload and big-little scenarios as tables and curves. */

/** Options of an offload scenario, one row each. */
export function offloadOptions(s) {
  return s.options.map((o) => ({
    name: o.name, where: o.where, best: o.name === s.best,
    energy: { total: o.device_energy_uj.total, parts: part(o.device_energy_uj, ['compute', 'radio', 'waiting']) },
    latency: { mean: o.latency_ms.mean, p50: o.latency_ms.p50, percentile: o.latency_ms.percentile, parts: part(o.parts_ms, Object.keys(o.parts_ms)) },
    deadline: o.deadline ?? null, sent: o.sent_bits, received: o.received_bits,
  }));
}

const part = (values, names) => names.filter((n) => n in values).map((name) => ({ name, value: values[name] }));

/** Cutting after each layer in turn: `[layers on the device, µJ, mean ms, percentile ms, where]`. */
export function offloadCuts(s) {
  return (s.prefixes ?? []).map((p) => {
    const local = Object.values(p.sides).filter((side) => side === 'device').length;
    return { local, energy: p.device_energy_uj.total, mean: p.latency_ms.mean, percentile: p.latency_ms.percentile, where: p.where };
  }).sort((a, b) => a.local - b.local);
}

const figures = (name, f) => ({
  name, share: f.share, energy: f.device_energy_uj, cloud: f.cloud_energy_uj, mean: f.latency_ms.mean,
  p50: f.latency_ms.p50, percentile: f.latency_ms.percentile, deadline: f.deadline ?? null, energyMet: f.energy_met ?? null,
});

/** Options of a big-little scenario: figures at its share, at the ends, and over all shares. */
export function bigLittleOptions(s) {
  return s.big.map((b) => ({
    name: b.name, where: b.where, workload: b.workload, met: b.targets_met, largest: b.largest_share,
    rows: [figures('at this share', b.at_share), figures('big only', b.big_only), figures('little only', b.little_only)],
    sweep: b.sweep.map((f) => figures('', f)),
  }));
}
