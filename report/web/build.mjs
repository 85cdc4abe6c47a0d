/**
 * Bundles the page: node build.mjs OUTDIR writes OUTDIR/page.html, one file with style, scripts and licences inside and
 * two places to fill: __EYRIE_TITLE__ and __EYRIE_DATA__.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const STYLES = ['page.css', 'parts.css', 'media.css'];
const TARGET = ['chrome109', 'firefox115', 'safari16.4'];

async function bundled(entry, loader) {
  const result = await build({
    ...entry, bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8', logLevel: 'warning', target: TARGET, absWorkingDir: HERE, ...loader,
  });
  return result.outputFiles[0].text;
}

const script = () => bundled({ entryPoints: ['src/main.js'] }, { format: 'iife', platform: 'browser', define: { 'process.env.NODE_ENV': '"production"' } });
const style = () => bundled({ stdin: { contents: STYLES.map((s) => `@import "./src/style/${s}";`).join('\n'), resolveDir: HERE, loader: 'css' } }, {});

/** Licences of what is bundled, as their packages hold them. */
async function notices() {
  const one = async (name) => {
    const folder = path.join(HERE, 'node_modules', name);
    const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
    const texts = [];
    for (const file of ['NOTICE', 'LICENSE', 'LICENSE.txt', 'LICENSE.d3-'].slice(0, 3))
      texts.push(await readFile(path.join(folder, file), 'utf8').catch(() => ''));
    return `${name} ${version}\n\n${texts.filter(Boolean).join('\n')}`;
  };
  const all = await Promise.all(['echarts', 'zrender', 'tslib'].map(one));
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
let page = await readFile(path.join(HERE, 'src/page.html'), 'utf8');
page = place(page, '<!-- NOTICES -->', await notices());
page = place(page, '/* STYLE */', (await style()).trim());
page = place(page, '/* SCRIPT */', (await script()).trim().replaceAll('</script', '<\\/script'));
for (const mark of ['__EYRIE_DATA__', '__EYRIE_TITLE__']) place(page, mark, '');
await mkdir(outdir, { recursive: true });
await writeFile(path.join(outdir, 'page.html'), page);
