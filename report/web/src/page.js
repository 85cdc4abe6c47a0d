/** What sections share: the runs, their colours, and which run is shown. */

import { colourBook } from './model/colours.js';
import { readRuns } from './model/runs.js';
import { list } from './ui/controls.js';
import { h } from './ui/dom.js';

/** @param {object} doc of schema eyrie.report/1 */
export function pageOf(doc) {
  const runs = readRuns(doc);
  const listeners = [];
  const selectors = [];
  let shown = 0;

  const show = (index) => {
    shown = index;
    for (const select of selectors) select.value = String(index);
    for (const listener of listeners) listener();
  };

  /** A list of the runs; all such lists move together. Nothing where there is only one run. */
  const runControl = () => {
    if (runs.length < 2) return null;
    const element = list('Run, in all sections', runs.map((r) => [String(r.index), r.label]), String(shown), (v) => show(Number(v)));
    selectors.push(element.querySelector('select'));
    return element;
  };

  /** A list of the shown run's layers; `all` adds an entry for the sum of them, for which `layer()` is null. */
  const layerControl = (change, all = false) => {
    const element = h('div', { class: 'holder' });
    const names = () => runs[shown].layers.map((l) => l.name);
    let chosen = null;
    const refresh = () => {
      const options = [...(all ? [['', 'all layers']] : []), ...names().map((n) => [n, n])];
      if (!options.some(([v]) => v === chosen)) chosen = options[0]?.[0] ?? null;
      element.replaceChildren(list('Layer', options, chosen, (v) => { chosen = v; change(); }));
    };
    refresh();
    return { element, refresh, layer: () => runs[shown].layers.find((l) => l.name === chosen) ?? null };
  };

  return { doc, runs, colours: colourBook(runs), run: () => runs[shown], onRun: (listener) => listeners.push(listener), runControl, layerControl };
}
