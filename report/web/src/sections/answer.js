/** What a trained network answered on the machine, beside its float model. */

import { figure } from '../model/format.js';
import { section, note } from '../ui/section.js';
import { table } from '../ui/table.js';
import { number, text } from './tables.js';

const nameOf = (answer, i) => (answer.classes?.[i] !== undefined && answer.classes[i] !== String(i) ? `${i} (${answer.classes[i]})` : String(i));

/** A row a sample; of networks that name no class there is nothing to list. */
function sampleTable(answered) {
  const rows = answered.flatMap(({ label, answer: a }) => (a.agreeing === undefined ? [] : a.samples.map((s) => [
    label, s.name, nameOf(a, s.class), nameOf(a, s.float_class), s.label === null ? null : nameOf(a, s.label),
    { value: s.class === s.float_class ? 'the same' : 'another', tone: s.class === s.float_class ? 'good' : 'bad' }])));
  return rows.length && { id: 'answer-table', caption: 'Classes', rows, columns: [text('run'), text('input'), text('simulated chip'), text('float model'), text('it is'), text('the two are')] };
}

const sqnrTable = (answered) => ({
  id: 'sqnr-table', caption: 'Signal to quantisation noise, layer by layer',
  columns: [text('run'), text('layer'), number('SQNR', 'dB')],
  rows: answered.flatMap(({ label, answer: a }) => a.layers.map((l) => [label, l.layer, l.equal ? { value: 'equal' } : l.sqnr_db])),
});

function sentence({ label, answer: a }) {
  const of = (part, all) => `${part} of ${all}`;
  const classes = a.agreeing === undefined ? '' : `Chip and float model name one class for ${of(a.agreeing, a.samples.length)} inputs. `;
  const right = a.labelled ? `Right: chip ${of(a.right, a.labelled)}, float model ${of(a.float_right, a.labelled)}. ` : '';
  const noise = a.equal_to_float ? 'Outputs equal those of the float model. ' : a.sqnr_db === null ? '' : `Signal to quantisation noise at ${a.output}: ${figure(a.sqnr_db)} dB. `;
  const how = `Arithmetic of ${a.arithmetic}${a.precision ? `, quantised: ${a.precision}` : ''}; ${a.input === null ? 'input drawn from the seed' : `input ${a.input}`}${a.pixels ? `, ${a.pixels}` : ''}.`;
  return note(`${label}: `, classes, right, noise, how);
}

/** Section, only where a network was trained. */
export function answer({ runs }) {
  const answered = runs.filter((r) => r.result.answer).map((r) => ({ label: r.label, answer: r.result.answer }));
  if (!answered.length) return null;
  const samples = sampleTable(answered);
  return { element: section('answer', 'Answer', 'What the simulated chip computed with the trained parameters, and the same model in floating point.', answered.map(sentence), samples ? table(samples) : null, table(sqnrTable(answered))) };
}
