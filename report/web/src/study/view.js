/** What sections share: the study, what is chosen, which designs pass the filters, and which one is selected. */

import { list } from '../ui/controls.js';
import { noFilter, passes } from './model/filters.js';
import { FIDELITIES } from './model/words.js';

/**
 * @param {ReturnType<import('./model/document.js').readStudy>} study
 * Listeners hear of `figures` (network or fidelity), `filter`, `brush` and `selected`.
 */
export function viewOf(study) {
  const listeners = { figures: [], filter: [], brush: [], selected: [] };
  const lists = { network: [], fidelity: [] };
  const choice = { network: 0, fidelity: 'best' };
  let filter = noFilter();
  let shown = null;     // designs that pass, until something changes
  let brushed = null;   // numbers of those that the parallel axes mark, or null
  let selected = null;

  const tell = (what) => { for (const listener of listeners[what]) listener(); };

  /** A choice of figures; all lists of the same choice move together. */
  const control = (key, label, options, read) => {
    const element = list(label, options, String(choice[key]), (v) => {
      choice[key] = read(v);
      for (const select of lists[key]) select.value = v;
      shown = brushed = null;
      tell('figures');
    });
    lists[key].push(element.querySelector('select'));
    return element;
  };

  const simulated = study.designs.some((d) => d.simulated);
  return {
    study, choice, simulated,
    on: (what, listener) => { for (const one of [what].flat()) listeners[one].push(listener); },
    networkControl: () => (study.networks.length > 2 ? control('network', 'Network', study.networks.map((n, i) => [String(i), i ? n : `${n} (geometric mean)`]), Number) : null),
    fidelityControl: () => (simulated ? control('fidelity', 'Figures', FIDELITIES, String) : null),
    filter: () => filter,
    setFilter: (change) => { change(filter); shown = brushed = null; tell('filter'); },
    clearFilter: () => { filter = noFilter(); shown = brushed = null; tell('filter'); },
    shown: () => { shown ??= study.designs.filter((d) => passes(d, filter, choice)); return shown; },
    isBrushed: (design) => brushed === null || brushed.has(design.number),
    brushed: () => brushed,
    brush: (numbers) => { brushed = numbers; tell('brush'); },
    selected: () => selected,
    select: (design) => { if (design !== selected) { selected = design; tell('selected'); } },
  };
}
