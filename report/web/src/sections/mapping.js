/** Section: the mapping of a layer as a loop nest. */

import { levelsOf, nestModel, nestText } from '../model/nest.js';
import { toolbar } from '../ui/controls.js';
import { h } from '../ui/dom.js';
import { note, section } from '../ui/section.js';

const COLOURS = ['#474c7d', '#a4509b', '#0072b2', '#009e73', '#b87400', '#d55e00', '#7d8791'];

function nestElement(nest) {
  const levels = levelsOf(nest);
  const line = (loop) => h('li', { class: loop.spatial ? 'spatial' : null, style: `--depth:${loop.depth};--level:${COLOURS[levels.indexOf(loop.level) % COLOURS.length]}` },
    h('code', null, loop.text), h('span', { class: 'at' }, loop.spatial ? `∥ along ${loop.spatial} · ${loop.level}` : loop.level));
  return h('ol', { class: 'nest', 'aria-label': 'Loops from outermost to innermost' }, nest.map(line));
}

export function mapping(page) {
  const body = h('div', { class: 'mapping' });
  const layers = page.layerControl(() => update());
  const update = () => {
    const layer = layers.layer();
    if (!layer) return body.replaceChildren();
    const nest = nestModel(layer);
    const origin = note(`${layer.name}: ${layer.mapping_origin}; dataflow ${layer.dataflow.replaceAll('_', ' ')}; ${layer.passes.toLocaleString('en-US')} passes; ${layer.active_pes} PEs with work.`);
    const file = layer.mapping ? h('details', { class: 'twin' }, h('summary', null, 'The mapping as a file for eyrie simulate --mapping'), h('pre', { tabindex: '0' }, layer.mapping)) : null;
    return body.replaceChildren(origin, nest ? nestElement(nest) : h('pre', { tabindex: '0' }, nestText(layer)), nest ? file : '');
  };
  page.onRun(() => { layers.refresh(); update(); });
  return { element: section('mapping', 'Mappings', 'A layer as a nest of loops, outermost first: N batch, G groups, M and C output and input channels, P and Q output rows and columns, R and S filter rows and columns. Marked loops run side by side on PEs.', toolbar(page.runControl(), layers.element), body), start: update };
}
