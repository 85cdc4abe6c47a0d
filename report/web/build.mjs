/**
 * Bundles the pages: node build.mjs OUTDIR writes OUTDIR/page.html (reports) and OUTDIR/study.html, each one file with
 * style, scripts and licences inside and two places to fill: __EYRIE_TITLE__ and __EYRIE_DATA__.
 */

import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Name of a page, where its script begins, and its styles; a later one wins. */
const PAGES = [['page', 'src/main.js', ['page.css', 'parts.css', 'media.css']], ['study', 'src/study/main.js', ['page.css', 'parts.css', 'study.css', 'media.css']]];
const TARGET = ['chrome109', 'firefox115', 'safari16.4'];

async function bundled(entry, more) {
  const result = await build({
    ...entry, bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8', logLevel: 'warning', target: TARGET, absWorkingDir: HERE, metafile: true, ...more,
  });
  return { text: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

const script = (entry) => bundled({ entryPoints: [entry] }, { format: 'iife', platform: 'browser', define: { 'process.env.NODE_ENV': '"production"' } });
const style = (files) => bundled({ stdin: { contents: files.map((s) => `@import "./src/style/${s}";`).join('\n'), resolveDir: HERE, loader: 'css' } }, {});

/** Names of the packages that files of the bundle are from. */
const packagesOf = (inputs) => [...new Set(inputs.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []))].sort();

/** Files of a package with its notices and licences, those of parts that it embeds included. */
async function licenceFiles(folder) {
  const known = /^(NOTICE|LICEN[CS]E|COPYING|COPYRIGHT)/i;
  const own = (await readdir(folder, { withFileTypes: true })).filter((e) => e.isFile() && known.test(e.name)).map((e) => e.name).sort();
  const embedded = (await readdir(path.join(folder, 'licenses')).catch(() => [])).sort();
  return [...own, ...embedded.map((file) => path.join('licenses', file))];
}

/** Licences of what is bundled, as their packages hold them. */
async function notices(inputs) {
  const one = async (name) => {
    const folder = path.join(HERE, 'node_modules', name);
    const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const files = await licenceFiles(folder);
    if (!files.length) throw new Error(`${name} is bundled and has no file with its licence; one would be right`);
    const texts = await Promise.all(files.map(async (file) => `${name}, ${file}:\n\n${(await readFile(path.join(folder, file), 'utf8')).trim()}`));
    return [`${name} ${version}`, ...texts].join('\n\n');
  };
  const all = await Promise.all(packagesOf(inputs).map(one));
  return `<!--\nThis page contains:\n\n${all.join('\n\n').replaceAll('--', '- -')}\n-->`;
}

/** Puts a text in the place of exactly one mark. */
function place(page, mark, text) {
  const parts = page.split(mark);
  if (parts.length !== 2) throw new Error(`page.html holds ${mark} ${parts.length - 1} times; once would be right`);
  return parts.join(text);
}

const [outdir] = process.argv.slice(2);
if (!outdir) {
  console.error('usage: node build.mjs OUTDIR');
  process.exit(2);
}

async function whole([name, entry, styleFiles]) {
  const [template, scripts, styles] = await Promise.all([readFile(path.join(HERE, 'src/page.html'), 'utf8'), script(entry), style(styleFiles)]);
  let page = place(template, '<!-- NOTICES -->', await notices([...scripts.inputs, ...styles.inputs]));
  page = place(page, '/* STYLE */', styles.text.trim());
  page = place(page, '/* SCRIPT */', scripts.text.trim().replaceAll('</script', '<\\/script'));
  for (const mark of ['__EYRIE_DATA__', '__EYRIE_TITLE__']) place(page, mark, '');
  await writeFile(path.join(outdir, `${name}.html`), page);
}

await mkdir(outdir, { recursive: true });
await Promise.all(PAGES.map(whole));
