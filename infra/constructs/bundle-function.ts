import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { buildSync, type BuildOptions } from 'esbuild';

/** Modules that read a `.wasm` lying beside them. In a bundle it lies packed beside `index.mjs`, and what `stands` for them reads it. */
const ENGINES = [
  {
    module: 'libpg-query/wasm/libpg-query.js',
    stands: join(import.meta.dirname, 'engines/sql-grammar.ts'),
    wasm: 'node_modules/libpg-query/wasm/libpg-query.wasm',
  },
  {
    module: '@cedar-policy/cedar-wasm/nodejs',
    stands: join(import.meta.dirname, 'engines/cedar.ts'),
    wasm: 'node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm',
  },
] as const;

/**
 * What Bolt brings for receivers that are never made here (`shared/slack/bolt-app.ts` has its own): a web framework, OAuth, WebSockets
 * with an HTTP client, tables of character sets. 1.4 of the 2.6 MB of a bundle with Bolt, and a third of its cold start.
 */
const NEVER_USED = ['express', 'raw-body', '@slack/oauth', '@slack/socket-mode'];

/** How our sources name a file that runs on a thread of its own: `new Worker(new URL('./parse.ts', import.meta.url))`. */
const THREAD = /new URL\(\s*(["'`])\.\/([\w.-]+)\.ts\1,\s*import\.meta\.url,?\s*\)/g;

/** How our sources name a file that they read as it is: `new URL('./page.mjs', import.meta.url)`. */
const ASSET = /new URL\(\s*(["'`])\.\/([\w.-]+\.(?:mjs|css))\1,\s*import\.meta\.url,?\s*\)/g;

/** How a bundle imports one of its parts later, and the first name that it takes of it: of CommonJS, esbuild gives out `default` alone. */
const LATER = /\{(\w+)[^{}=;]*\}=await import\("\.\/([\w-]+\.mjs)"\)/g;

const ABSENT = join(import.meta.dirname, 'absent-module.ts');

/** The highest level before those that need more memory to unpack as well. */
const HARDEST = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };

/** CommonJS packages inside an ES module still ask for these three. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/**
 * Writes `index.mjs`, what it imports later, source maps, the files of its threads and the packed WASM they need into `folder`.
 * Throws when it cannot. `root` is the project, against which paths in the output are relative.
 */
export function bundleFunction(root: string, entry: string, folder: string): void {
  bundleFile(root, entry, join(folder, 'index.mjs'));
}

function bundleFile(root: string, entry: string, outfile: string): void {
  const folder = dirname(outfile);
  const { metafile } = buildSync({
    ...options(root),
    entryPoints: [{ in: entry, out: basename(outfile, '.mjs') }],
    outdir: folder,
  });
  const inputs = Object.keys(metafile.inputs);
  packEngines(root, inputs, folder);
  copyAssets(root, inputs, folder);
  for (const thread of threadsOf(root, inputs)) {
    bundleFile(root, thread, join(folder, `${basename(thread, '.ts')}.mjs`));
  }
  const parts = new Map(Object.entries(metafile.outputs).map(([path, { exports }]) => [basename(path), exports]));
  for (const part of [...parts.keys()].filter((name) => name.endsWith('.mjs'))) {
    const text = readFileSync(join(folder, part), 'utf8');
    for (const [, name = '', from = ''] of text.matchAll(LATER))
      if (parts.get(from)?.includes(name) === false)
        throw new Error(
          `${entry}: ${name} is imported later from a CommonJS package; re-export it from a file of ours`,
        );
    writeFileSync(join(folder, part), text.replaceAll(THREAD, 'new URL("./$2.mjs",import.meta.url)'));
  }
}

const options = (root: string) =>
  ({
    absWorkingDir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // What is imported only when it is needed is a file of its own: the SDK's ways to credentials that no function has are never parsed.
    splitting: true,
    chunkNames: 'part-[hash]',
    // The ES module of a package where it has one: only that can be shaken down to what is used.
    mainFields: ['module', 'main'],
    minify: true,
    alias: {
      ...Object.fromEntries(NEVER_USED.map((name) => [name, ABSENT])),
      ...Object.fromEntries(ENGINES.map(({ module, stands }) => [module, stands])),
    },
    banner: { js: BANNER },
    // For readable stack traces; without the sources themselves, which would double the archive.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    // What is wrong is in the error that it throws.
    logLevel: 'silent',
  }) as const satisfies BuildOptions;

function packEngines(root: string, inputs: readonly string[], folder: string): void {
  for (const { stands, wasm } of ENGINES)
    if (inputs.some((path) => join(root, path) === stands))
      writeFileSync(join(folder, `${basename(wasm)}.zst`), packed(join(root, wasm)));
}

/** Packing Cedar takes 2 s and is done for seven functions, so what was packed is kept while this process runs. */
const known = new Map<string, Buffer>();
function packed(file: string): Buffer {
  const made = known.get(file) ?? zstdCompressSync(readFileSync(file), HARDEST);
  known.set(file, made);
  return made;
}

/** Files beside a source lie beside the bundle: under their own names, which may not be that of the bundle itself. */
function copyAssets(root: string, inputs: readonly string[], folder: string): void {
  for (const input of inputs.filter((path) => path.endsWith('.ts') && !path.includes('node_modules/')))
    for (const [, , file = ''] of readFileSync(join(root, input), 'utf8').matchAll(ASSET)) {
      if (file === 'index.mjs') throw new Error(`${input}: a file that is read needs another name than index.mjs`);
      cpSync(join(root, dirname(input), file), join(folder, file));
    }
}

/** esbuild follows imports, and a thread's file is only named: unbundled, it would be missing first in production. */
function threadsOf(root: string, inputs: readonly string[]): string[] {
  const sources = inputs.filter((path) => path.endsWith('.ts') && !path.includes('node_modules/'));
  const threads = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(THREAD)].map((found) =>
      join(root, dirname(path), `${found[2] ?? ''}.ts`),
    ),
  );
  const named = new Map(threads.map((path) => [basename(path), path]));
  const clash = threads.find((path) => named.get(basename(path)) !== path || basename(path) === 'index.ts');
  if (clash !== undefined) throw new Error(`${clash}: a thread's file needs a name of its own; rename it`);
  return [...named.values()];
}
