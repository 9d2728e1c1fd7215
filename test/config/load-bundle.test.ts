import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../shared/platform/canonical.ts';
import { openBundle, sealBundle } from '../../shared/config/deployed-bundle.ts';
import { loadBundle, readGateway } from '../../shared/config/load-bundle.ts';
import { loadSuite } from '../../shared/config/load-suite.ts';
import * as z from 'zod';
import { formatFault } from '../../shared/contracts/config/fault.ts';

const demo = fileURLToPath(new URL('../../config', import.meta.url));
const text = readFileSync(join(demo, 'gateway.yaml'), 'utf8');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-config-'));
  folders.push(folder);
  cpSync(join(demo, 'gateway.yaml'), join(folder, 'gateway.yaml'));
  cpSync(join(demo, 'policies'), join(folder, 'policies'), { recursive: true });
  return folder;
}

async function faults(folder: string): Promise<string> {
  const loaded = await loadBundle(folder);
  return loaded.ok ? 'no fault' : loaded.error.map(formatFault).join('\n');
}

function edited(from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error('the edit changed nothing');
  const read = readGateway({ name: 'gateway.yaml', text: changed });
  return read.ok ? 'no fault' : read.error.map(formatFault).join('\n');
}

const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split('\n').length;

describe('a configuration folder', () => {
  it('is loaded whole, and comes back from its deployed form', async () => {
    const loaded = await loadBundle(demo);
    if (!loaded.ok) throw new Error(loaded.error.map(formatFault).join('\n'));
    expect(loaded.value.policies.map(({ name }) => name)).toEqual([
      'analytics.cedar',
      'orders.cedar',
      'shop.cedar',
      'support.cedar',
    ]);
    const { text, sha256 } = sealBundle(loaded.value);
    expect(openBundle(text)).toEqual({ ok: true, value: { bundle: loaded.value, sha256 } });
  });

  it.each<[string, string | RegExp, string, string]>([
    [
      'an unknown key',
      'publicUrl:',
      'publicURL: https://x.example\npublicUrl:',
      'gateway.yaml:3:1 publicURL: unknown key "publicURL"; did you mean "publicUrl"?',
    ],
    [
      'an unknown key deep inside',
      'groups: [ci]',
      'grups: [ci]',
      `gateway.yaml:${String(lineOf('groups: [ci]'))}:9 issuers[0].rules[0].grups: unknown key "grups"; did you mean "groups"?`,
    ],
    ['a key given twice', 'version: 1', 'version: 1\nversion: 1', 'gateway.yaml:3:1'],
    ['a missing part', /^connections:[\s\S]*?\n\n/m, '\n', 'connections'],
    [
      'a substitution',
      'audience: countersign',
      'audience: ${AUDIENCE}',
      '"${" stands here, but nothing is ever substituted',
    ],
    ['a custom tag', 'version: 1', 'version: !!int 1\nx: !env A', 'remove the tag'],
    ['two documents', 'version: 1', 'version: 1\n---\na: 1', 'one document a file'],
    ['a plain http issuer', 'http://127.0.0.1:8787/oidc/ci', 'http://ci.example/oidc', 'issuers[0].url'],
    ['an owner who is nobody', 'owner: lead', 'owner: leed', 'no person is named "leed"; did you mean "lead"?'],
    ['a group of nobody', 'groups: [reporting]', 'groups: [reports]', 'no group is named "reports"'],
    [
      'a person in no group',
      'groups: [auditor]',
      'groups: [auditors]',
      'no group is named "auditors"; did you mean "auditor"?',
    ],
    [
      'an identity at the agents’ issuer',
      'issuer: people, subject: 00u-dba-1',
      'issuer: ci, subject: 00u-dba-1',
      'no issuer for people is named "ci"',
    ],
    ['one identity for two people', '00u-dba-2', '00u-dba-1', 'identity "people 00u-dba-1" is given twice'],
    ['one Slack user for two people', 'U0DBA00002', 'U0DBA00001', 'Slack user "T0ACME0001 U0DBA00001" is given twice'],
    ['a person twice', 'id: dba-2', 'id: dba-1', 'person id "dba-1" is given twice'],
    ['a connection twice', 'name: analytics\n    kind', 'name: orders\n    kind', 'connection "orders" is given twice'],
    ['an issuer twice', '- name: people\n    for', '- name: ci\n    for', 'issuer name "ci" is given twice'],
    [
      'one URL for agents and people',
      'oidc/people',
      'oidc/ci',
      'issuer url "http://127.0.0.1:8787/oidc/ci" is given twice',
    ],
    [
      'a Slack user of another workspace',
      'team: T0ACME0001, user: U0DBA00001',
      'team: T0OTHER001, user: U0DBA00001',
      'workspace T0OTHER001 is not the configured one',
    ],
    [
      'Slack channels without Slack',
      /^slack:[\s\S]*?\n\n/m,
      '\n',
      'a Slack channel is named but no Slack is configured',
    ],
    [
      'a mask for no connection',
      'orders.public.payments',
      'order.public.payments',
      '"order" fits no connection, so this line would mask nothing; did you mean "orders"?',
    ],
    ['a secret in place of its ARN', /secretArn: arn\S+slack\S+/, 'secretArn: xoxb-1234', 'secrets are references'],
    ['a number out of bounds', 'archiveDays: 365', 'archiveDays: 0', 'at least 1 is needed'],
  ])('is refused for %s', (_, from, to, expected) => {
    expect(edited(from, to)).toContain(expected);
  });

  it('names the nearest parent when what is missing has no line of its own', () => {
    expect(edited('    database: analytics\n', '')).toContain(
      `gateway.yaml:${String(lineOf('- name: analytics'))}:5 connections[1].database`,
    );
  });

  it('survives aliases that multiply', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map(
        (name, at) =>
          `${name}: &${name} [${Array(8)
            .fill(`*${'abcdefg'[at] ?? ''}`)
            .join(',')}]`,
      ),
    ].join('\n');
    const read = readGateway({ name: 'gateway.yaml', text: bomb });
    expect(read.ok ? '' : read.error[0]?.message).toContain('aliases');
  });

  it('answers any text with faults, never a throw', () => {
    const piece = fc.constantFrom(
      'version: 1',
      'issuers:',
      '- ',
      '  ',
      '\n',
      ':',
      '&a',
      '*a',
      '<<: *a',
      '!!',
      '{',
      ']',
      '"',
      '|',
      '---',
      '%YAML 1.1',
      '__proto__: 1',
      '\t',
      '? ',
      '\u0000',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 40 }), (pieces) => {
        const read = readGateway({ name: 'gateway.yaml', text: pieces.join('') });
        expect(read.ok ? [] : read.error).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the files of a folder', () => {
  it.each<[string, (folder: string) => void, string]>([
    [
      'gateway.yaml is missing',
      (folder) => {
        rmSync(join(folder, 'gateway.yaml'));
      },
      'gateway.yaml the file cannot be read',
    ],
    [
      'policies/ is missing',
      (folder) => {
        rmSync(join(folder, 'policies'), { recursive: true });
      },
      'policies the folder is missing',
    ],
    [
      'policies/ is empty',
      (folder) => {
        rmSync(join(folder, 'policies'), { recursive: true });
        mkdirSync(join(folder, 'policies'));
      },
      'there is no .cedar file',
    ],
    [
      'a policy file has another ending',
      (folder) => {
        writeFileSync(join(folder, 'policies/guard.ceder'), '');
      },
      'policies/guard.ceder only .cedar files belong here',
    ],
    [
      'a policy file is a folder',
      (folder) => {
        mkdirSync(join(folder, 'policies/more.cedar'));
      },
      'policies/more.cedar only .cedar files belong here',
    ],
    [
      'a policy is linked from outside',
      (folder) => {
        symlinkSync('/etc/hostname', join(folder, 'policies/host.cedar'));
      },
      'the file lies outside the configuration folder',
    ],
    [
      'gateway.yaml is linked from outside',
      (folder) => {
        rmSync(join(folder, 'gateway.yaml'));
        symlinkSync(join(demo, 'gateway.yaml'), join(folder, 'gateway.yaml'));
      },
      'the file lies outside the configuration folder',
    ],
    [
      'a policy links to itself',
      (folder) => {
        symlinkSync('self.cedar', join(folder, 'policies/self.cedar'));
      },
      'the file cannot be read',
    ],
    [
      'a file is too large',
      (folder) => {
        writeFileSync(join(folder, 'policies/big.cedar'), ' '.repeat(1_048_577));
      },
      'larger than 1048576 bytes',
    ],
    [
      'a file is not UTF-8',
      (folder) => {
        writeFileSync(join(folder, 'policies/latin.cedar'), Buffer.from([0xe9, 0x0a]));
      },
      'not valid UTF-8',
    ],
    [
      'a policy holds a substitution',
      (folder) => {
        writeFileSync(join(folder, 'policies/env.cedar'), '\n // ${HOME}');
      },
      'policies/env.cedar:2:5 "${" stands here',
    ],
  ])('are refused when %s', async (_, change, expected) => {
    const folder = copy();
    change(folder);
    expect(await faults(folder)).toContain(expected);
  });

  it('are refused, not waited for, when one is a named pipe', async () => {
    const folder = copy();
    execFileSync('mkfifo', [join(folder, 'policies/pipe.cedar')]);
    expect(await faults(folder)).toContain('not a regular file');
  });

  it('may be linked from inside, as mounted configuration is', async () => {
    const folder = copy();
    symlinkSync('orders.cedar', join(folder, 'policies/zz.cedar'));
    expect(await faults(folder)).toBe('no fault');
  });
});

describe('a deployed bundle', () => {
  const said = (json: string): string => {
    const opened = openBundle(json);
    return opened.ok ? '' : opened.error.map(formatFault).join('\n');
  };
  const sealedAnyhow = (bundle: unknown): string =>
    JSON.stringify({ version: 1, sha256: digestOf(z.json().parse(bundle)), bundle });

  it.each([
    ['is not JSON', 'oops', 'bundle.json this is not JSON'],
    ['is not sealed', '{}', 'this is not a deployed configuration'],
    ['is empty', sealedAnyhow({}), 'bundle.json gateway'],
    ['has an unknown member', sealedAnyhow({ gateway: {}, policies: [], more: 1 }), 'unknown key "more"'],
  ])('is refused when it %s', (_, json, expected) => {
    expect(said(json)).toContain(expected);
  });

  it('is refused when anything in it was changed after it was checked', async () => {
    const loaded = await loadBundle(demo);
    if (!loaded.ok) throw new Error('demo');
    const { text } = sealBundle(loaded.value);
    expect(said(text)).toBe('');
    expect(said(text.replace('"owner":"lead"', '"owner":"dba-1"'))).toContain('is not the one that was checked');
  });

  it('is the same whatever order its members come in', async () => {
    const loaded = await loadBundle(demo);
    if (!loaded.ok) throw new Error('demo');
    const { gateway, policies } = loaded.value;
    expect(sealBundle({ policies, gateway }).sha256).toBe(sealBundle({ gateway, policies }).sha256);
  });

  it('is refused when its references do not hold, whoever sealed it', async () => {
    const loaded = await loadBundle(demo);
    if (!loaded.ok) throw new Error('demo');
    const changed: unknown = JSON.parse(JSON.stringify(loaded.value).replace('"owner":"lead"', '"owner":"nobody"'));
    expect(said(sealedAnyhow(changed))).toContain(
      'bundle.json gateway.issuers[0].rules[0].owner: no person is named "nobody"',
    );
  });
});

describe('policies.test.yaml', () => {
  it.each([
    [
      'an agent that is nobody',
      'version: 1\nagents: {}\ntests:\n  - { name: a, agent: x, connection: orders, connect: true, expect: known }',
      'policies.test.yaml:4:23 tests[0].agent: no agent is named "x"',
    ],
    [
      'two subjects in one test',
      'version: 1\nagents: { x: { issuer: ci, rule: orders-ci } }\ntests:\n  - { name: a, agent: x, connection: orders, connect: true, statement: SELECT 1, expect: known }',
      'give one of statement, effects, connect or reveal',
    ],
    [
      'a decision that is none',
      'version: 1\nagents: { x: { issuer: ci, rule: orders-ci } }\ntests:\n  - { name: a, agent: x, connection: orders, connect: true, expect: perhaps }',
      'tests[0].expect',
    ],
  ])('is refused for %s', async (_, suite, expected) => {
    const folder = copy();
    writeFileSync(join(folder, 'policies.test.yaml'), suite);
    const bundle = await loadBundle(folder);
    if (!bundle.ok) throw new Error('demo');
    const loaded = await loadSuite(folder, bundle.value.gateway);
    expect(loaded.ok ? '' : loaded.error.map(formatFault).join('\n')).toContain(expected);
  });
});
