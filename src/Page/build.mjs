// Builds the page into src/Server/Page/Built. Texts are stored compressed twice, as .br and .gz; fonts are stored as they are.
import * as esbuild from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(root, '../Server/Page/Built'));
const files = new Map();

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  write: false,
  target: ['chrome111', 'firefox113', 'safari16.4'],
  outdir: '/page',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  legalComments: 'none',
  logLevel: 'warning',
};

/** Builds one entry, keeps its files, and gives the name of the entry's file. */
async function bundle(options, ending) {
  const result = await esbuild.build({ ...shared, ...options });
  for (const file of result.outputFiles) files.set(file.path.replace('/page/', 'page/'), file.contents);
  const entry = options.stdin?.sourcefile ?? options.entryPoints[0];
  const stem = entry.replace(/^.*\//, '').replace(/\.\w+$/, '');
  return result.outputFiles.map((file) => file.path.replace('/page/', '')).find((name) => name.startsWith(`${stem}-`) && name.endsWith(ending));
}

// Every browser that is supported reads woff2.
const maths = readFileSync(join(root, 'node_modules/katex/dist/katex.min.css'), 'utf8')
  .replace(/,url\([^)]*\.woff\) format\("woff"\),url\([^)]*\.ttf\) format\("truetype"\)/g, '');
const mathsStyle = await bundle({
  stdin: { contents: maths, resolveDir: join(root, 'node_modules/katex/dist'), sourcefile: 'maths.css', loader: 'css' },
  entryNames: 'maths-[hash]',
  loader: { '.woff2': 'file' },
}, '.css');
const style = await bundle({ entryPoints: ['styles/page.css'] }, '.css');
const script = await bundle({
  entryPoints: ['source/main.tsx'],
  format: 'esm',
  splitting: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: { MATHS_STYLE: JSON.stringify(`page/${mathsStyle}`) },
}, '.js');

const hash = (contents) => createHash('sha256').update(contents).digest('hex').slice(0, 8).toUpperCase();
const icon = readFileSync(join(root, 'icon.svg'));
const iconName = `page/icon-${hash(icon)}.svg`;
files.set(iconName, icon);

const licences = ['preact', 'marked', 'dompurify', 'highlight.js', 'katex'].map((name) => {
  const { version } = JSON.parse(readFileSync(join(root, `node_modules/${name}/package.json`), 'utf8'));
  return `${name} ${version}\n\n${readFileSync(join(root, `node_modules/${name}/LICENSE`), 'utf8').trim()}\n`;
}).join(`\n${'-'.repeat(80)}\n\n`);
files.set('page/licences.txt', Buffer.from(licences));

const manifest = readFileSync(join(root, 'manifest.webmanifest'), 'utf8').replace('ICON', iconName);
files.set('manifest.webmanifest', Buffer.from(manifest));
const html = readFileSync(join(root, 'index.html'), 'utf8')
  .replace('STYLE', `page/${style}`).replace('SCRIPT', `page/${script}`).replace('ICON', iconName);
files.set('index.html', Buffer.from(html));

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'page'), { recursive: true });
for (const [name, contents] of files) {
  if (name.endsWith('.woff2')) {
    writeFileSync(join(target, name), contents);
    continue;
  }
  writeFileSync(join(target, `${name}.br`), brotliCompressSync(contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length },
  }));
  writeFileSync(join(target, `${name}.gz`), gzipSync(contents, { level: 9 }));
}
