import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { checkCommand, execCommand, waitCommand } from '../../infra/cli/agent/commands.ts';
import { classifyCommand } from '../../infra/cli/classify/index.ts';
import { leasesCommand } from '../../infra/cli/controls/leases.ts';
import { resumeCommand, stopCommand, stopsCommand } from '../../infra/cli/controls/stop.ts';
import { holdCommand } from '../../infra/cli/hold.ts';
import { keyCommand } from '../../infra/cli/key.ts';
import { policiesCommand } from '../../infra/cli/policies.ts';
import { sessionsCommand } from '../../infra/cli/sessions/index.ts';
import { credentialCommand } from '../../infra/cli/kubernetes/credential.ts';
import { kubeconfigCommand } from '../../infra/cli/kubernetes/kubeconfig.ts';
import { tokenCommand } from '../../infra/cli/token.ts';
import { doctorCommand } from '../../infra/cli/doctor/command.ts';
import { sampleCommand } from '../../infra/cli/sample/command.ts';
import { verifyCommand } from '../../infra/cli/verify.ts';
import { functions, type FunctionSpec } from '../../infra/functions.ts';
import manifest from '../../package.json' with { type: 'json' };
import { codeSpansOf, documents, fencesOf, PROJECT, sourcesIn } from './documents.ts';

const FOLDERS = /^(shared|functions|infra|test|config|docs|\.ci)\/[A-Za-z0-9_.*{},/-]+$/;
/** Served by the embedded stack alone. */
const LOCAL_PAGES = ['/slack', '/oidc', '/metrics'];

const sources = sourcesIn('shared', 'functions', 'infra', 'test');
const routes = Object.values<FunctionSpec>(functions).flatMap((spec) => spec.routes);

/** Every piece of a document that is code: spans, and the lines of its fences. */
const codeOf = (text: string): readonly string[] => [
  ...codeSpansOf(text),
  ...fencesOf(text)
    .filter(({ info }) => info !== 'mermaid')
    .flatMap(({ body }) => body.split('\n')),
];

const linksOf = (text: string): readonly string[] => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to);

const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );

const pathExists = (path: string): boolean =>
  /[*{]/.test(path) ? globSync(path, { cwd: PROJECT }).length > 0 : existsSync(join(PROJECT, path));

const COMMANDS = [
  execCommand,
  checkCommand,
  waitCommand,
  classifyCommand,
  tokenCommand,
  kubeconfigCommand,
  credentialCommand,
  policiesCommand,
  stopCommand,
  resumeCommand,
  stopsCommand,
  leasesCommand,
  sessionsCommand,
  verifyCommand,
  doctorCommand,
  sampleCommand,
  keyCommand,
  holdCommand,
];

const commandNames = (command: Command): string[] => [
  command.name(),
  ...command.commands.flatMap(commandNames).map((name) => `${command.name()} ${name}`),
];

describe.each(documents)('$name', ({ text }) => {
  it('links to what is there', () => {
    const broken = linksOf(text).filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      if (path !== '' && !existsSync(join(PROJECT, path))) return true;
      const there = path === '' || anchor === undefined ? text : readFileSync(join(PROJECT, path), 'utf8');
      return anchor !== undefined && !anchorsOf(there).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names only paths that exist', () => {
    const words = codeOf(text).flatMap((code) => code.split(/[\s:'"]+/));
    expect(words.filter((word) => FOLDERS.test(word)).filter((path) => !pathExists(path))).toEqual([]);
  });

  it('names files without their folder only where one has that name', () => {
    const bare = codeSpansOf(text).filter((code) => /^[a-z][a-z0-9-]*\.ts$/.test(code));
    expect(bare.filter((name) => !sources.some(({ path }) => path.endsWith(`/${name}`)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const named = codeOf(text).flatMap((code) => [...code.matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)]);
    const known = new Set([...Object.keys(manifest.scripts), 'ci']);
    expect(named.map(([, name = '']) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it('names only commands that exist', () => {
    const known = COMMANDS.flatMap((command) => commandNames(command()));
    const named = codeOf(text).flatMap((code) => [...code.matchAll(/npx countersign ([a-z]+(?: [a-z]+)?)/g)]);
    const unknown = named
      .map(([, words = '']) => words)
      .filter((words) => !known.includes(words) && !known.includes(words.split(' ')[0] ?? ''));
    expect(unknown).toEqual([]);
  });

  it('names only routes that are deployed', () => {
    const named = codeOf(text).flatMap((code) => [...code.matchAll(/\b(GET|POST|PUT|DELETE) (\/[a-z][^\s`'"?,;]*)/g)]);
    const unknown = named
      .map(([, method = '', path = '']) => `${method} ${path}`)
      .filter((route) => !routes.includes(route) && !LOCAL_PAGES.some((page) => route === `GET ${page}`));
    expect(unknown).toEqual([]);
  });

  it('names only environment variables that something reads', () => {
    const named = codeOf(text).flatMap((code) => [...code.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g)]);
    const unknown = [...new Set(named.map(([name]) => name))].filter(
      (name) => !name.startsWith('AWS_ENDPOINT_URL') && !sources.some((source) => source.text.includes(name)),
    );
    expect(unknown).toEqual([]);
  });
});
