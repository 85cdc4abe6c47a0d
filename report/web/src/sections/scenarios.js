/** Sections: scenarios, one each. */

import { figure, percent, scaleFor } from '../model/format.js';
import { bigLittleOptions, offloadCuts, offloadOptions } from '../model/scenarios.js';
import { stackHeight, stackOption } from '../charts/stack.js';
import { curvesOption } from '../charts/curves.js';
import { Chart } from '../ui/chart.js';
import { h } from '../ui/dom.js';
import { note, remark, section } from '../ui/section.js';
import { table } from '../ui/table.js';
import { legendOf, number, share, stackTable, text } from './tables.js';

const PARTS = { compute: '#0072b2', radio: '#d55e00', waiting: '#a9b1b9', device: '#0072b2', link: '#d55e00', round_trip: '#e69f00', cloud: '#474c7d' };
const partColour = (name) => PARTS[name] ?? '#7d8791';
const verdict = (met) => ({ value: met ? 'met' : 'missed', tone: met ? 'good' : 'bad' });

/** Parts of all choices; `base` brings them to the unit whose prefixes are known. */
function partsChart(title, what, [known, base], options, of) {
  const chart = new Chart();
  const names = of(options[0]).parts.map((p) => p.name);
  const rows = options.map((o) => ({ name: o.name, values: of(o).parts.map((p) => p.value * base) }));
  const { unit, factor } = scaleFor(Math.max(...rows.map((r) => r.values.reduce((a, b) => a + b, 0))), known);
  const model = { names, rows: rows.map((r) => ({ ...r, values: r.values.map((v) => v / factor) })) };
  const start = () => chart.update({
    label: `${title} of ${options.length} choices, in ${unit}.`, height: stackHeight(options.length), toggles: true, legend: legendOf(names, partColour),
    option: stackOption(model, { colour: partColour, unit: `${what} (${unit})`, totals: true }), table: stackTable(model, { caption: title, first: 'choice', unit }),
  });
  return { element: h('div', null, h('h4', null, title), chart.element), start };
}

function curveChart(title, what) {
  const chart = new Chart();
  const start = () => chart.update({ label: `${title}: ${what.y.join(' and ')} over ${what.x.name}.`, height: 340, option: curvesOption(what), legend: what.series, toggles: true, table: what.table });
  return { element: h('div', null, h('h4', null, title), chart.element), start };
}

function offloadTable(s, options) {
  const deadline = options.some((o) => o.deadline);
  return {
    caption: `Choices of ${s.name}`,
    columns: [text('choice'), text('what runs where'), number('device energy', 'µJ'), number('mean', 'ms'), number('median', 'ms'), number(`p${s.percentile}`, 'ms'), ...(deadline ? [text('deadline, mean'), text(`deadline, p${s.percentile}`), share('within it')] : []), number('sent', 'bits'), number('received', 'bits')],
    rows: options.map((o) => [{ value: o.name, mark: o.best ? '★ objective' : undefined }, o.where, o.energy.total, o.latency.mean, o.latency.p50, o.latency.percentile,
      ...(deadline ? [verdict(o.deadline.mean_met), verdict(o.deadline.percentile_met), o.deadline.share_within] : []), o.sent, o.received]),
  };
}

function offload(s) {
  const options = offloadOptions(s);
  const cuts = offloadCuts(s);
  const charts = [partsChart('Energy of the device', 'energy', ['pJ', 1e6], options, (o) => o.energy), partsChart('Mean latency', 'latency', ['ms', 1], options, (o) => o.latency),
    curveChart('Cut after each layer', {
      x: { name: 'layers on the device, from the first', values: cuts.map((c) => c.local), category: true }, y: ['device energy (mJ)', 'latency (ms)'],
      series: [{ name: 'device energy', colour: '#0072b2', values: cuts.map((c) => c.energy / 1e3), on: 0 }, { name: 'mean latency', colour: '#d55e00', values: cuts.map((c) => c.mean), on: 1 }, { name: `p${s.percentile} latency`, colour: '#e69f00', values: cuts.map((c) => c.percentile), on: 1 }],
      table: { caption: 'Cut after each layer', columns: [number('layers on the device'), number('device energy', 'mJ'), number('mean latency', 'ms'), number(`p${s.percentile} latency`, 'ms'), text('what runs where')], rows: cuts.map((c) => [c.local, c.energy / 1e3, c.mean, c.percentile, c.where]) },
    })];
  const best = options.find((o) => o.best);
  const lead = best ? `Least ${s.objective.replaceAll('_', ' ')}: ${best.where}, at ${figure(best.energy.total)} µJ on the device and ${figure(best.latency.mean)} ms on average.` : null;
  const deadline = s.deadline ? `Deadline of ${figure(s.deadline.ms)} ms: ${s.deadline.met ? 'met' : 'missed'} there.` : '';
  return { lead: [lead, deadline].filter(Boolean).join(' '), parts: [table(offloadTable(s, options)), ...charts.map((c) => c.element)], charts };
}

function bigTable(s, option) {
  return {
    caption: `Figures of ${option.name}`,
    columns: [text('case'), share('share'), number('device energy', 'µJ'), number('cloud energy', 'µJ'), number('mean', 'ms'), number('median', 'ms'), number(`p${s.percentile}`, 'ms'), text('deadline'), text('energy target')],
    rows: option.rows.map((r) => [r.name, r.share, r.energy, r.cloud, r.mean, r.p50, r.percentile, r.deadline ? verdict(r.deadline.percentile_met) : null, r.energyMet === null ? null : verdict(r.energyMet)]),
  };
}

function bigLittle(s) {
  const options = bigLittleOptions(s);
  const charts = options.map((o) => curveChart(`Over the share that goes on, ${o.name}`, {
    x: { name: 'share that goes on to the big network', values: o.sweep.map((f) => f.share) }, y: ['device energy (µJ)', 'latency (ms)'],
    series: [{ name: 'device energy', colour: '#0072b2', values: o.sweep.map((f) => f.energy), on: 0 }, { name: 'mean latency', colour: '#d55e00', values: o.sweep.map((f) => f.mean), on: 1 }, { name: `p${s.percentile} latency`, colour: '#e69f00', values: o.sweep.map((f) => f.percentile), on: 1 }],
    table: { caption: `Sweep of ${o.name}`, columns: [share('share'), number('device energy', 'µJ'), number('mean latency', 'ms'), number(`p${s.percentile} latency`, 'ms')], rows: o.sweep.map((f) => [f.share, f.energy, f.mean, f.percentile]) },
  }));
  const largest = (o) => Object.entries(o.largest).filter(([, v]) => v !== null).map(([k, v]) => `${k.replaceAll('_', ' ')} ${percent(v)}`).join(', ');
  const parts = options.flatMap((o, i) => [h('h3', null, `${o.name} (${o.workload}, ${o.where.replaceAll('_', ' ')})`), note(`Targets ${o.met ? 'met' : 'missed'} at this share.`, largest(o) ? ` Largest shares that meet them: ${largest(o)}.` : ''), table(bigTable(s, o)), charts[i].element]);
  return { lead: `${s.little.workload} on ${s.little.machine} sees every input (${figure(s.little.latency_ms)} ms, ${figure(s.little.energy_uj)} µJ); a share of ${percent(s.share)} goes on (${s.share_origin}).`, parts, charts };
}

const KINDS = { offload, big_little: bigLittle };

function figureTable(s) {
  return h('details', { class: 'twin' }, h('summary', null, 'Figures of the scenario, with sources'), table({
    caption: `Figures of ${s.name}`, columns: [text('figure'), number('value'), text('unit'), text('confidence'), text('source'), text('note')],
    rows: (s.figures ?? []).map((f) => [f.key, f.value, f.unit, f.confidence, f.source, f.note]),
  }));
}

function scenarioSection(id, { label, scenario: s }) {
  const kind = KINDS[s.kind];
  if (!kind) return { element: section(id, label || s.name, null, remark(`This page knows no scenario of kind ${s.kind}.`)) };
  const { lead, parts, charts } = kind(s);
  const free = s.not_modelled?.length ? remark(`Counted as free, as nothing prices them: ${s.not_modelled.join('; ')}.`) : null;
  return { element: section(id, s.title ?? label, lead, parts, free, figureTable(s)), start: () => charts.forEach((c) => c.start()) };
}

/** A section for each scenario of the document: id, title, what makes it. */
export const scenarios = (doc) => (doc.scenarios ?? []).map((one, i) => [`scenario-${i}`, one.label || `Scenario ${i + 1}`, () => scenarioSection(`scenario-${i}`, one)]);
