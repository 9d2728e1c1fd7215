import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

/** Modules that read a `.wasm` lying beside them; in a bundle, "beside" is the folder of `index.mjs`. */
const WASM = [
  { module: /(^|\/)node_modules\/libpg-query\/wasm\/libpg-query\.js$/, file: 'libpg-query.wasm' },
  { module: /(^|\/)node_modules\/@cedar-policy\/cedar-wasm\/nodejs\/cedar_wasm\.js$/, file: 'cedar_wasm_bg.wasm' },
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

const ABSENT = join(import.meta.dirname, 'absent-module.ts');

/** CommonJS packages inside an ES module still ask for these three. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/**
 * Writes `index.mjs`, its source map, the files of its threads and the WASM they need into `folder`.
 * Throws when it cannot. `root` is the project, against which paths in the output are relative.
 */
export function bundleFunction(root: string, entry: string, folder: string): void {
  bundleFile(root, entry, join(folder, 'index.mjs'));
}

function bundleFile(root: string, entry: string, outfile: string): void {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ES module of a package where it has one: only that can be shaken down to what is used.
    mainFields: ['module', 'main'],
    minify: true,
    alias: Object.fromEntries(NEVER_USED.map((name) => [name, ABSENT])),
    banner: { js: BANNER },
    // For readable stack traces; without the sources themselves, which would double the archive.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    // What is wrong is in the error that it throws.
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs);
  copyWasm(root, inputs, dirname(outfile));
  copyAssets(root, inputs, dirname(outfile));
  for (const thread of threadsOf(root, inputs)) {
    bundleFile(root, thread, join(dirname(outfile), `${basename(thread, '.ts')}.mjs`));
  }
  writeFileSync(outfile, readFileSync(outfile, 'utf8').replaceAll(THREAD, 'new URL("./$2.mjs",import.meta.url)'));
}

function copyWasm(root: string, inputs: readonly string[], folder: string): void {
  for (const { module, file } of WASM) {
    const input = inputs.find((path) => module.test(path));
    if (input !== undefined) cpSync(join(root, dirname(input), file), join(folder, file));
  }
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
