import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../infra/constructs/bundle-function.ts';
import { projectRoot } from '../../infra/constructs/bundling.ts';
import { weigh } from '../support/bundle-weight.ts';
import { SETTINGS } from '../support/function-settings.ts';

const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'countersign-bundle-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Runs `script` in a process of its own, with the bundle's exports as `bundle`; answers what it prints. */
async function inside(folder: string, script: string): Promise<string> {
  const url = pathToFileURL(join(folder, 'index.mjs')).href;
  const source = `import(${JSON.stringify(url)}).then(async (bundle) => { ${script}; process.exit(0); })`;
  const { stdout } = await run(process.execPath, ['-e', source], { env: SETTINGS, timeout: 50_000, cwd: scratch });
  return stdout.trim();
}

/** Without source maps, and without the parts that are imported when they are needed. */
const ownFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('.map') && !name.startsWith('part-'))
    .sort();

describe('a bundle', { timeout: 60_000 }, () => {
  it('carries both WASM engines and the AWS SDK, and runs away from node_modules', async () => {
    const folder = join(scratch, 'both-engines');
    bundleFunction(projectRoot, join(projectRoot, 'test/infra/fixtures/both-engines.ts'), folder);
    expect(ownFiles(folder)).toEqual(['cedar_wasm_bg.wasm.zst', 'index.mjs', 'libpg-query.wasm.zst']);
    const said = await inside(folder, 'console.log(JSON.stringify(await bundle.handler()))');
    expect(JSON.parse(said)).toEqual({ cedar: '4.13.0', parsed: 'tree, syntax', scanned: true, region: 'eu-west-1' });
  });

  it('carries the files that its sources read as they are', async () => {
    const folder = join(scratch, 'pages');
    bundleFunction(projectRoot, join(projectRoot, 'functions/pages/index.ts'), folder);
    const files = ['session-page.mjs', 'sign-in.mjs', 'reveal.mjs', 'session-page.css'];
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(files));
    const http = { method: 'GET', path: '/pages/reveal.mjs' };
    const requestContext = { routeKey: 'GET /pages/{file}', requestId: 'r', http };
    const event = { rawPath: http.path, requestContext, pathParameters: { file: 'reveal.mjs' } };
    const said = await inside(folder, `console.log(JSON.stringify(await bundle.handler(${JSON.stringify(event)})))`);
    expect(said).toContain('"statusCode":200');
    expect(said).toContain('text/javascript');
  });

  it('leaves out the engines that a function does not use', () => {
    const folder = join(scratch, 'no-engine');
    bundleFunction(projectRoot, join(projectRoot, 'test/infra/fixtures/no-engine.ts'), folder);
    expect(ownFiles(folder)).toEqual(['index.mjs']);
  });

  it('takes along the file that runs on a thread of its own, and the engine that it needs', async () => {
    const folder = join(scratch, 'with-thread');
    bundleFunction(projectRoot, join(projectRoot, 'test/infra/fixtures/with-thread.ts'), folder);
    expect(ownFiles(folder)).toEqual(['index.mjs', 'libpg-query.wasm.zst', 'on-a-thread.mjs']);
    expect(JSON.parse(await inside(folder, 'console.log(JSON.stringify(await bundle.handler()))'))).toEqual([
      'function',
    ]);
  });

  it('with Bolt makes its app and takes a click through it, without the receivers that it brings', async () => {
    const folder = join(scratch, 'with-bolt');
    bundleFunction(projectRoot, join(projectRoot, 'test/infra/fixtures/with-bolt.ts'), folder);
    expect(statSync(join(folder, 'index.mjs')).size).toBeLessThan(1_000_000);
    expect(JSON.parse(await inside(folder, 'console.log(JSON.stringify(await bundle.handler()))'))).toEqual({
      acknowledged: false,
    });
  });

  it('that would take a name of a CommonJS package where a bundle has none stops the synthesis', () => {
    const entry = join(projectRoot, 'test/infra/fixtures/named-of-commonjs.ts');
    expect(() => {
      bundleFunction(projectRoot, entry, join(scratch, 'named'));
    }).toThrow(/WebClient is imported later from a CommonJS package/);
  });

  it('that cannot be made stops the synthesis', () => {
    expect(() => {
      bundleFunction(projectRoot, join(projectRoot, 'test/infra/fixtures/missing.ts'), join(scratch, 'missing'));
    }).toThrow(/Could not resolve/);
  });
});

const names = readdirSync(join(projectRoot, 'functions')).filter((name) =>
  existsSync(join(projectRoot, 'functions', name, 'index.ts')),
);

/**
 * All that a function needs to run, minified, with its WASM, as the archive that Lambda keeps: the goal is 2 MB. A count of bytes,
 * so that it holds on any machine; what a cold start takes is measured by `npm run bench:cold`.
 */
const MAX_ARCHIVE_BYTES = 2_000_000;

/** They never ask policy, and never read SQL. */
const WITHOUT_ENGINES = [
  ...['archive-sessions', 'conclude-approval', 'controls', 'meta', 'pages'],
  ...['slack-interactions', 'sweep-sessions', 'votes', 'write-digest'],
];

describe.runIf(names.length > 0)('each function', { timeout: 60_000 }, () => {
  it.each(names)('%s bundles, loads and exports its handler', async (name) => {
    const folder = join(scratch, name);
    bundleFunction(projectRoot, join(projectRoot, 'functions', name, 'index.ts'), folder);
    expect(weigh(folder).archive).toBeLessThan(MAX_ARCHIVE_BYTES);
    if (WITHOUT_ENGINES.includes(name)) expect(weigh(folder).engines).toBe(0);
    expect(await inside(folder, 'console.log(typeof bundle.handler, bundle.handler.length < 3)')).toBe('function true');
  });
});
