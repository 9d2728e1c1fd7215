// Runs a script of this project on the Node it needs, whatever Node and whatever state of `node_modules` it finds:
//   node infra/local/bootstrap.mjs SCRIPT [ARGUMENT…]
// Plain JavaScript for Node 20 and newer, importing nothing but Node: it is what runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Type stripping without a flag came with 22.18; below it `node file.ts` is a syntax error. */
const OLDEST_USABLE = [22, 18];
export const PROJECT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** npm writes this file last, so its age is the age of a finished installation. */
const INSTALLED = join(PROJECT, 'node_modules', '.package-lock.json');

/** True when nothing is installed, an installation was cut off, or the lock file names other packages than are there. */
function installationIsStale() {
  if (!existsSync(INSTALLED)) return true;
  const lock = join(PROJECT, 'package-lock.json');
  if (!existsSync(lock) || statSync(INSTALLED).mtimeMs >= statSync(lock).mtimeMs) return false;
  return !sameVersions(readPackages(lock), readPackages(INSTALLED));
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** A fresh checkout touches the lock file without changing it; only a changed version is worth half a minute of npm. */
function sameVersions(wanted, installed) {
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

function install() {
  process.stderr.write('Installing what is missing (npm ci, about half a minute the first time) …\n');
  const started = Date.now();
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const arguments_ = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync(npm, arguments_, {
    cwd: PROJECT,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) {
    process.stderr.write(
      `npm ci failed (${done.error?.message ?? `exit code ${done.status}`}). Mend what it says above and run this again.\n`,
    );
    process.exit(1);
  }
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

/** The Node that came with the packages (24), else the running one when it can strip types. */
function findNode() {
  const packaged = join(PROJECT, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(packaged) && spawnSync(packaged, ['--version'], { shell: process.platform === 'win32' }).status === 0)
    return packaged;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_USABLE[0] || (major === OLDEST_USABLE[0] && minor >= OLDEST_USABLE[1])) return process.execPath;
  process.stderr.write(
    `Node ${process.versions.node} cannot run this project, and no packaged Node exists for ${process.platform}-${process.arch}.\n` +
      'Install Node 24 (https://nodejs.org/en/download) and run this again.\n',
  );
  return process.exit(1);
}

/**
 * npm passes SIGINT and SIGTERM on to its script, and nothing else: when it went some other way (SIGHUP, SIGKILL), the
 * parent changes and nobody is left to stop the child. One look a second costs nothing.
 */
function stopWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => process.ppid !== npm && child.kill('SIGTERM'), 1_000).unref();
}

/**
 * Runs `script` and ends as it ends. The signals of a terminal reach the child by themselves (same process group);
 * those sent to this process alone are passed on, and this process waits, so that no child outlives its parent.
 */
export function run(script, arguments_, options = {}) {
  if (installationIsStale()) install();
  const binaries = join(PROJECT, 'node_modules', '.bin');
  const path = `${binaries}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const node = findNode();
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...arguments_], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: path },
    ...options,
  });
  const fromTerminal = process.stdin.isTTY === true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (signal === 'SIGINT' && fromTerminal ? undefined : child.kill(signal)));
  }
  stopWithNpm(child);
  child.on('error', (error) => {
    process.stderr.write(`${node} did not start: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const [script, ...rest] = process.argv.slice(2);
  if (script === undefined) {
    process.stderr.write('usage: node infra/local/bootstrap.mjs SCRIPT [ARGUMENT…]\n');
    process.exit(2);
  }
  run(script, rest, { cwd: PROJECT });
}
