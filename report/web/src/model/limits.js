/** What no figure contains: said once where all runs say it, else under the run that does. */

/** @returns {{shared: string[], own: Array<{label: string, sentences: string[]}>}} sentences in the order of the results */
export function notModelled(runs) {
  const all = runs.map((r) => r.result.not_modelled ?? []);
  const shared = [...new Set(all[0] ?? [])].filter((s) => all.every((said) => said.includes(s)));
  const own = runs.map((r, i) => ({ label: r.label, sentences: [...new Set(all[i])].filter((s) => !shared.includes(s)) }));
  return { shared, own: own.filter((o) => o.sentences.length) };
}
