import { cpSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Modules that read a `.wasm` lying beside them; in a bundle, "beside" is the folder of `index.mjs`. */
const WASM = [
  { module: /(^|\/)node_modules\/libpg-query\/wasm\/libpg-query\.js$/, file: 'libpg-query.wasm' },
  { module: /(^|\/)node_modules\/@cedar-policy\/cedar-wasm\/nodejs\/cedar_wasm\.js$/, file: 'cedar_wasm_bg.wasm' },
] as const;

/** CommonJS packages inside an ES module still ask for these three. */
const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
].join('\n');

/**
 * One Lambda's code: `functions/<name>/index.ts` and all that it imports in one `index.mjs`, the AWS SDK too, so that
 * what was tested is what runs. Bundled on this machine; no container is ever started.
 */
export function functionCode(name: string): Code {
  return Code.fromAsset(join(projectRoot, 'functions'), {
    // By what comes out: a comment changed elsewhere, or in a file that this function does not import, deploys nothing.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      command: [name],
      local: {
        tryBundle: (folder) => {
          bundleFunction(join(projectRoot, 'functions', name, 'index.ts'), folder);
          return true;
        },
      },
    },
  });
}

/** Writes `index.mjs`, its source map and the WASM files it needs into `folder`. Throws when it cannot. */
export function bundleFunction(entry: string, folder: string): void {
  const { metafile } = buildSync({
    absWorkingDir: projectRoot,
    entryPoints: [entry],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ES module of a package where it has one: only that can be shaken down to what is used.
    mainFields: ['module', 'main'],
    minify: true,
    banner: { js: BANNER },
    // For readable stack traces; without the sources themselves, which would double the archive.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    // What is wrong is in the error that it throws.
    logLevel: 'silent',
  });
  for (const { module, file } of WASM) {
    const input = Object.keys(metafile.inputs).find((path) => module.test(path));
    if (input !== undefined) cpSync(join(projectRoot, dirname(input), file), join(folder, file));
  }
}
