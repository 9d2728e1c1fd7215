import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfiguration, testPolicies } from '../../infra/cli/policies.ts';
import { functions, type FunctionSpec } from '../../infra/functions.ts';
import { banner } from '../../infra/local/banner.ts';
import { readConfiguration } from '../../infra/local/configuration.ts';
import type { RunningStack } from '../../infra/local/stack.ts';
import { VOCABULARIES } from '../../shared/connectors/vocabularies.ts';
import { gatewaySchema } from '../../shared/contracts/config/gateway.ts';
import { limitsSchema } from '../../shared/contracts/config/limits.ts';
import { createPolicyEngine } from '../../shared/policy/create-engine.ts';
import { codeSpansOf, documentNamed, fencesOf, PROJECT, sourcesIn, tableOf } from './documents.ts';

const readme = documentNamed('README.md');
const fences = fencesOf(readme);
const config = join(PROJECT, 'config');
const folder = mkdtempSync(join(tmpdir(), 'countersign-readme-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The example folder as the README shows it: each fence below a line that is a path in backticks. */
const example = fences.flatMap(({ above, body }) => {
  const [, path] = /^`library\/([\w./-]+)`$/.exec(above) ?? [];
  return path === undefined ? [] : [{ path, body: `${body}\n` }];
});
for (const { path, body } of example) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), body);
}

describe('the example folder', () => {
  it('is whole, and its own tests pass', async () => {
    expect(example.map(({ path }) => path)).toContain('gateway.yaml');
    const report = await testPolicies(folder);
    expect(report.ok && report.value.cases.map(({ differences }) => differences)).toEqual([[], []]);
  });

  it('is read by the embedded stack, and has as many policies as shown', async () => {
    const configuration = await readConfiguration(folder);
    expect(configuration.identities.map(({ name }) => name)).toEqual(['helper', 'me']);
    expect(configuration.seeds.map(({ sql }) => sql.length)).toEqual([1]);
    const loaded = await loadConfiguration(folder);
    const count = loaded.ok ? loaded.value.engine.policyIds.length : 0;
    expect(readme).toContain(`library: ${String(count)} policies for 1 connections are valid; policy version `);
  });
});

describe('the policies shown', () => {
  const shown = fences.filter(({ info, above }) => info === 'cedar' && !above.startsWith('`library/'));
  const idOf = (text: string): string => /@id\("([^"]+)"\)/.exec(text)?.[1] ?? '';

  it('are those of the demo, word for word, or hold together with them', async () => {
    const loaded = await loadConfiguration(config);
    if (!loaded.ok) throw new Error('config/ cannot be loaded');
    const { bundle, engine } = loaded.value;
    const demo = bundle.policies.map(({ text }) => text).join('\n');
    const [own, more] = [true, false].map((known) =>
      shown.map(({ body }) => body).filter((body) => engine.policyIds.includes(idOf(body)) === known),
    );
    expect(own?.filter((body) => !demo.includes(body))).toEqual([]);
    const policies = [...bundle.policies, { name: 'readme.cedar', text: more?.join('\n') ?? '' }];
    expect(createPolicyEngine({ ...bundle, policies }, VOCABULARIES)).toMatchObject({ ok: true });
  });
});

describe('the story by hand', () => {
  it('has the lines that npm start prints', async () => {
    const configuration = await readConfiguration(config);
    const stack = {
      url: 'http://127.0.0.1:8787',
      state: join(PROJECT, '.countersign'),
      configuration,
      plan: { notEmulated: new Map() },
      services: { all: [] },
      databases: [],
      clusters: [],
      secureUrl: 'https://127.0.0.1:8787',
      caFile: join(PROJECT, '.countersign', 'tls', 'ca.pem'),
      tokenFor: () => Promise.resolve('…'),
    } as unknown as RunningStack;
    const printed = (await banner(stack, 1)).split('\n').filter((line) => line.startsWith('curl '));
    expect(printed).toHaveLength(4);
    const shown = fences.map(({ body }) => body).filter((body) => body.startsWith('curl '));
    expect(shown).toEqual(printed);
  });
});

describe('the tables', () => {
  it('list every call that is deployed', () => {
    const deployed = Object.values<FunctionSpec>(functions).flatMap((spec) => spec.routes);
    const shown = tableOf(readme, 'call').map(([call = '']) => call.replaceAll('`', ''));
    expect([...shown].sort()).toEqual([...deployed].sort());
  });

  it('list every code of a problem, with its status', () => {
    const wording =
      sourcesIn('shared/contracts/api').find(({ path }) => path.endsWith('problem-wording.ts'))?.text ?? '';
    const worded = [...wording.matchAll(/case '(\w+)':\s*return wording\(\s*(\d{3}|refusal\.status)/g)].map(
      ([, code = '', status = '']) => [code, status === 'refusal.status' ? '401/403/503' : status],
    );
    expect(worded.length).toBe([...wording.matchAll(/\n {4}case '/g)].length);
    const shown = tableOf(readme, 'status').map(([status = '', code = '']) => [code.replaceAll('`', ''), status]);
    expect([...shown].sort()).toEqual([...worded].sort());
  });

  it('give the defaults of all limits', () => {
    const limits = Object.entries(limitsSchema.parse({}));
    const plain = limits.flatMap(([key, value]) => (typeof value === 'number' ? [[`\`${key}\``, String(value)]] : []));
    const shown = tableOf(readme, 'key').map(([key, value]) => [key, value]);
    expect(shown).toEqual(plain);
    // Those that hold limits of their own are at least named.
    const nested = limits.filter(([, value]) => typeof value !== 'number').map(([key]) => key);
    expect(nested.filter((key) => !readme.includes(`\`limits.${key}\``))).toEqual([]);
  });

  it('give the defaults of retention', () => {
    const { archiveDays, liveDays } = gatewaySchema.shape.retention.parse({});
    expect(readme).toContain(`\`retention.archiveDays\` (${String(archiveDays)})`);
    expect(readme).toContain(`\`retention.liveDays\` (${String(liveDays)})`);
  });

  it('name only development identities that there are', async () => {
    const { identities } = await readConfiguration(config);
    const [paragraph = ''] = /Development identities of the demo:[^]*?\n\n/.exec(readme) ?? [];
    const named = [...new Set(codeSpansOf(paragraph))];
    expect(named.sort()).toEqual(identities.map(({ name }) => name).sort());
  });
});
