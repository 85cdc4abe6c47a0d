/** A chart with its legend and its table twin. Charts follow the width of the page, its colours, and paper. */

import { init } from './echarts.js';
import { h } from './dom.js';
import { frame } from '../charts/frame.js';
import { inks, onTheme, setPrinting } from './theme.js';
import { table } from './table.js';

const PAPER_WIDTH = 690;  // CSS pixels between the margins of A4
const SVG = 'http://www.w3.org/2000/svg';
const live = new Set();

function legendRow(entries, hidden, toggle) {
  const key = (e) => [h('span', { class: 'swatch', style: `background:${e.colour}`, 'aria-hidden': 'true' }), e.text ?? e.name];
  return h('div', { class: 'legend', role: 'group', 'aria-label': 'Parts of the chart' }, entries.map((e) => toggle
    ? h('button', { type: 'button', 'aria-pressed': String(!hidden.has(e.name)), title: 'Show or hide this part', onclick: () => toggle(e.name) }, key(e))
    : h('span', null, key(e))));
}

/**
 * A chart. `update` takes what to show:
 * `label` (what a screen reader says), `height` (CSS pixels, or their function of the width), `option(ink, width, hidden)` (of the library), `table`
 * (the same numbers, or a function that gives them), `legend` (entries with name and colour), `toggles` (whether these hide parts), `least` (the
 * width under which it scrolls sideways), `events` (listeners of the library, as the first update has them),
 * `over(drawn, ink)` (shapes of SVG that lie over it: names and attributes).
 */
export class Chart {
  constructor() {
    this.hidden = new Set();
    this.legend = h('div', null);
    this.canvas = h('div', { class: 'canvas', role: 'img' });
    this.box = h('div', { class: 'chart-scroll', tabindex: '0', role: 'region' }, this.canvas);
    this.twin = h('div', null);
    this.details = h('details', { class: 'twin' }, h('summary', null, 'The same as a table'), this.twin);
    this.element = h('div', { class: 'chart' }, this.legend, this.box, this.details);
    this.details.addEventListener('toggle', () => this.drawTwin());
    live.add(this);
  }

  update(what) {
    this.what = what;
    this.canvas.setAttribute('aria-label', what.label);
    this.box.setAttribute('aria-label', `${what.label} Scrolls where it is larger than its frame.`);
    this.drawTwin();
    this.drawLegend();
    this.draw();
    return this;
  }

  /** A table that is a function is made once somebody looks at it. */
  drawTwin() {
    const { table: twin } = this.what ?? {};
    if (!twin || this.twinOf === twin || (typeof twin === 'function' && !this.details.open)) return;
    this.twinOf = twin;
    this.twin.replaceChildren(table(typeof twin === 'function' ? twin() : twin));
  }

  drawLegend() {
    const { legend, toggles } = this.what;
    const toggle = toggles ? (name) => this.toggle(name) : null;
    const at = [...this.legend.querySelectorAll('button')].indexOf(document.activeElement);
    this.legend.replaceChildren(...(legend ? [legendRow(legend, this.hidden, toggle)] : []));
    if (at >= 0) this.legend.querySelectorAll('button')[at]?.focus();
  }

  toggle(name) {
    if (!this.hidden.delete(name)) this.hidden.add(name);
    this.drawLegend();
    this.draw();
  }

  draw(width = null) {
    if (!this.what || !this.element.isConnected) return;
    const fits = Math.max(width ?? this.box.clientWidth, width ? 0 : this.what.least ?? 0);
    if (fits <= 0) return;
    this.canvas.style.width = `${fits}px`;
    const height = typeof this.what.height === 'function' ? this.what.height(fits) : this.what.height;
    this.canvas.style.height = `${height}px`;
    this.drawn ??= this.begun(fits, height);
    this.drawn.resize({ width: fits, height });
    const ink = inks();
    const base = frame(ink);
    const option = this.what.option(ink, fits, this.hidden);
    this.drawn.setOption({ ...base, ...option, tooltip: { ...base.tooltip, ...option.tooltip } }, { notMerge: true });
    this.drawOver();
  }

  begun(width, height) {
    const drawn = init(this.canvas, null, { renderer: 'svg', width, height });
    for (const [event, listener] of Object.entries(this.what.events ?? {})) drawn.on(event, listener);
    return drawn;
  }

  /** Draws anew what lies over the chart, which costs nothing of the chart itself. */
  drawOver() {
    if (!this.drawn || !this.what.over) return;
    this.over ??= this.canvas.appendChild(document.createElementNS(SVG, 'svg'));
    this.over.setAttribute('class', 'over');
    this.over.replaceChildren(...this.what.over(this.drawn, inks()).map(([tag, attributes]) => {
      const element = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
      return element;
    }));
  }

  dispose() {
    this.drawn?.dispose();
    live.delete(this);
  }
}

const drawAll = (width = null) => { for (const chart of live) chart.draw(width); };

/** Disposes of charts that were in the page and are no longer. */
export function sweep() {
  for (const chart of live) if (!chart.element.isConnected && chart.drawn) chart.dispose();
}

let started = false;

/** Ties charts to the window: width, colours, paper. Once is enough for all that come later. */
export function startCharts() {
  if (started) return;
  started = true;
  let asked = 0;
  const soon = () => { cancelAnimationFrame(asked); asked = requestAnimationFrame(() => drawAll()); };
  window.addEventListener('resize', soon);
  onTheme(() => drawAll());
  window.addEventListener('beforeprint', () => {
    setPrinting(true);
    for (const d of document.querySelectorAll('details.print')) { d.dataset.was = String(d.open); d.open = true; }
    drawAll(PAPER_WIDTH);
  });
  window.addEventListener('afterprint', () => {
    for (const d of document.querySelectorAll('details.print')) d.open = d.dataset.was === 'true';
    setPrinting(false);
  });
}
