/** A study of generated designs: schema eyrie.study/1, awkward in every way that it allows, the same each time. */

/** Evenly spread numbers in [0, 1): Weyl's sequence, so that nothing hangs on a generator. */
const spread = (n, k) => ((n + 1) * (k === 0 ? 0.6180339887498949 : 0.7548776662466927 + 0.1 * k)) % 1;

const PARAMETERS = [
  { name: 'rows', title: 'rows of PEs', unit: '', numeric: true, values: ['6', '8', '12', '16', '24'], derived: false },
  { name: 'columns', title: 'columns of PEs', unit: '', numeric: true, values: ['7', '14', '28'], derived: false },
  { name: 'glb', title: '', unit: 'B', numeric: true, values: ['32 KiB', '64 KiB', '108 KiB', '256 KiB'], derived: false },
  { name: 'frequency', title: 'clock', unit: 'MHz', numeric: true, values: ['100', '200', '400'], derived: false },
  { name: 'network_on_chip', title: 'network <on> "chip"', unit: '', numeric: false, values: ['broadcast & bus', '<b>mesh</b>', 'tree "wide"'], derived: false },
  { name: 'technology', title: '', unit: '', numeric: false, values: ['generic_65nm'], derived: false },
  { name: 'pes', title: 'PEs', unit: '', numeric: true, values: [], derived: true },
];

const MEASURES = [
  ['energy', 'energy per inference, with DRAM', 'uJ', 'lower'], ['latency', 'latency', 'ms', 'lower'], ['area', 'area of the chip', 'mm2', 'lower'], ['edp', 'energy × delay', 'J s', 'lower'], ['power', 'power, with DRAM', 'mW', 'lower'],
  ['tops_per_w', 'efficiency, with DRAM', 'TOP/W', 'higher'], ['utilization', '', '%', 'higher'], ['dram', 'DRAM traffic', 'kB', 'lower'],
].map(([name, title, unit, goal]) => ({ name, title, unit, goal }));

const WORKLOADS = { alexnet: 1, resnet8: 0.018, 'ds<cnn> "kws"': 0.004 };
const KIB = { '32 KiB': 32, '64 KiB': 64, '108 KiB': 108, '256 KiB': 256 };
const FAILURES = [['excluded', 'rows * columns <= 512 is not met: 24 × 28 is 672'], ['no_mapping', 'fc6 of alexnet: no mapping fits <glb>'], ['deadlocked', 'conv2 of resnet8 could not go on after cycle 1,204: pe_array waits for "glb"'], ['out_of_memory', 'more than 4 GB'], ['wrong', '3 ofmap words differ'], ['crashed', 'signal 11'], ['illegal', 'the spad holds no row']];

/** Smooth enough to have a front, uneven enough to look like one. */
function closedForm([rows, columns, glb, clock, noc], scale, n) {
  const pes = rows * columns;
  const wires = [1, 1.35, 1.12][noc];
  const utilization = Math.min(0.98, 0.97 - 0.0006 * pes + 0.09 * spread(n % 45, 1));
  const latency = (scale * 92000) / (pes * clock * utilization) + scale * 6 / Math.sqrt(glb);
  const area = 1.4 + 0.031 * pes + 0.0135 * glb * (1 + 0.2 * noc) + 0.4 * wires;
  const energy = scale * (5200 * wires + 2.2 * pes + 33000 / Math.sqrt(glb) + 9 * glb + 0.35 * clock) + 0.02 * area * latency;
  return [energy, latency, area, energy * latency * 1e-9, energy / latency, (scale * 1450) / energy, 100 * utilization, (scale * 31000) / Math.sqrt(glb)];
}

const mean = (rows) => MEASURES.map((m, i) => (m.name === 'area' ? rows[0][i] : Math.exp(rows.reduce((s, r) => s + Math.log(r[i]), 0) / rows.length)));
const withMean = (rows) => [rows.every(Boolean) ? mean(rows) : rows[0].map(() => null), ...rows.map((r) => r ?? MEASURES.map(() => null))];

/** A little off, the same for the same design; the area is known without a simulation. */
const simulatedOf = (row, n, k) => row.map((v, i) => (MEASURES[i].name === 'area' ? v : v * (1 + 0.06 * (spread(n, k) - 0.3) ** 3 + (i === 1 ? 0.004 * k : 0))));

function designOf(n, point) {
  const texts = [...PARAMETERS.slice(0, 6).map((p, i) => p.values[point[i]]), ''];
  const [rows, columns, , clock] = texts.map(Number);
  const glb = KIB[texts[2]];
  texts[6] = String(rows * columns);
  const design = { number: n, values: texts, numbers: [rows, columns, glb * 1024, clock, null, null, rows * columns], status: 'done', reason: '', front: false, sampled: false, closed: null, simulated: null, report: `designs/report.html#${n}` };
  const failure = rows * columns > 512 ? 0 : n % 29 === 0 ? 1 + ((n / 29) % (FAILURES.length - 1)) : -1;
  if (failure >= 0) Object.assign(design, { status: FAILURES[failure][0], reason: FAILURES[failure][1], report: null });
  if (design.status === 'illegal') [design.values[6], design.numbers[6]] = ['', null];  // what follows from it is not known
  if (failure < 0 || FAILURES[failure][0] === 'deadlocked') {
    const figures = Object.values(WORKLOADS).map((scale) => closedForm([rows, columns, glb, clock, point[4]], scale, n));
    if (n === 50) figures[2] = null;  // one network is missing
    design.closed = withMean(figures);
  }
  return design;
}

const dominates = (a, b) => a.every((v, i) => v <= b[i]) && a.some((v, i) => v < b[i]);

/**
 * @param {{objectives?: string[]}} [more]
 * @returns {object} 540 designs over five parameters on three networks
 */
export function generatedStudy({ objectives = ['energy', 'latency', 'area'] } = {}) {
  const points = PARAMETERS.slice(0, 5).reduce((all, p) => all.flatMap((one) => p.values.map((_, i) => [...one, i])), [[]]).map((p) => [...p, 0]);
  const designs = points.map((p, i) => designOf(i + 1, p));
  const twin = designs.find((d) => d.number === 11);
  designs.find((d) => d.number === 12).closed = structuredClone(twin.closed);  // equal in every figure
  const at = objectives.map((o) => MEASURES.findIndex((m) => m.name === o));
  const of = (d) => at.map((i) => d.closed[0][i] * (MEASURES[i].goal === 'higher' ? -1 : 1));
  const able = designs.filter((d) => d.status === 'done' && d.closed[0][0] !== null);
  for (const d of able) d.front = !able.some((o) => dominates(of(o), of(d)));
  for (const d of able) d.sampled = d.number % 17 === 0;
  for (const d of able.filter((x) => x.front || x.sampled || x.number % 41 === 0)) d.simulated = withMean(d.closed.slice(1).map((row, k) => simulatedOf(row, d.number, k)));
  const front = able.filter((d) => d.front).sort((a, b) => of(a)[0] - of(b)[0]).map((d) => d.number);
  return {
    schema: 'eyrie.study/1', eyrie_version: '0.1.0', name: 'generated', title: 'Row stationary <machines> & "small" networks', strategy: 'grid', seed: 1, architecture: 'eyeriss_v1', workloads: Object.keys(WORKLOADS),
    parameters: PARAMETERS, measures: MEASURES, objectives, constraints: ['rows * columns <= 512', 'area < 40 mm2'], designs, front, errors: [],
  };
}
