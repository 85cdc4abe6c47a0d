/** Pages of studies that no program wrote: the templates, filled as report/study_page.cpp fills them. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { needed, scratch } from './data.mjs';

const inScript = (json) => json.replaceAll('<', '\\u003c');
const filled = (template, title, json) => template.split('__EYRIE_TITLE__').join(title).split('__EYRIE_DATA__').join(inScript(json));

/** The template of the study's page. */
export const studyTemplate = () => readFileSync(path.join(path.dirname(needed('EYRIE_PAGE')), 'study.html'), 'utf8');

/** The page of a study in a folder of its own; `doc` may be text. */
export function studyPage(name, doc) {
  mkdirSync(scratch(name), { recursive: true });
  const file = path.join(scratch(name), 'study.html');
  writeFileSync(file, filled(studyTemplate(), `${name} - Eyrie`, typeof doc === 'string' ? doc : JSON.stringify(doc)));
  return file;
}

/**
 * The page of designs' reports beside a study, and the scripts of some designs.
 * @param {Object<number, object|string>} designs documents of schema eyrie.report/1 by number, or the text of a script
 */
export function designPage(name, designs) {
  const folder = path.join(scratch(name), 'designs');
  mkdirSync(folder, { recursive: true });
  const template = readFileSync(needed('EYRIE_PAGE'), 'utf8').replace("script-src 'unsafe-inline'", "script-src 'unsafe-inline' 'self' file:");
  const file = path.join(folder, 'report.html');
  writeFileSync(file, filled(template, 'Reports of designs - Eyrie', '{"schema":"eyrie.designs/1"}'));
  for (const [number, doc] of Object.entries(designs))
    writeFileSync(path.join(folder, `${number}.js`), typeof doc === 'string' ? doc : `eyrieDesign("${gzipSync(JSON.stringify(doc)).toString('base64')}");\n`);
  return file;
}
