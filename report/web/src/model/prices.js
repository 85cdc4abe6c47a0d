/** What the energy rests on: prices with their sources, and shares by confidence and source. */

/** Prices of a run, each with its share of the energy. */
export function priceRows(run) {
  const total = run.result.totals.energy_pj.total;
  return run.result.energy_table.prices.map((p) => ({ ...p, share: total > 0 ? p.charged_pj / total : 0 }));
}

function sums(pairs) {
  const all = new Map();
  for (const [name, pj] of pairs) all.set(name, (all.get(name) ?? 0) + pj);
  return [...all].sort((a, b) => b[1] - a[1]).map(([name, pj]) => ({ name, pj }));
}

const withShares = (rows) => {
  const total = rows.reduce((sum, r) => sum + r.pj, 0);
  return rows.map((r) => ({ ...r, share: total > 0 ? r.pj / total : 0 }));
};

/** Energy by confidence: as the result says, else the sum of what its prices were charged. */
export function byConfidence(run) {
  const given = run.result.totals.energy_pj.by_confidence;
  return withShares(sums(given ? Object.entries(given) : run.result.energy_table.prices.map((p) => [p.confidence, p.charged_pj])));
}

/** Energy by source, likewise, with its interval where the result has one. */
export function bySource(run) {
  const { by_source: given, interval_by_source: intervals } = run.result.totals.energy_pj;
  const rows = sums(given ? Object.entries(given) : run.result.energy_table.prices.map((p) => [p.source, p.charged_pj]));
  return withShares(rows).map((r) => ({ ...r, interval: intervals?.[r.name] ?? null }));
}
