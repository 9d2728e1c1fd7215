import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { classify } from '../../infra/cli/classify/index.ts';
import { classByName } from '../../infra/cli/classify/names.ts';
import { propose, type Evidence } from '../../infra/cli/classify/propose.ts';
import { asYaml } from '../../infra/cli/classify/render.ts';
import type { Call } from '../../infra/cli/controls/api.ts';
import { maskingSchema } from '../../shared/contracts/config/masking.ts';

const seen = (column: string, extra: Partial<Evidence> = {}): Evidence => ({
  ...{ schema: 'public', table: 't', column, type: 'text', sampled: 100, hits: 0 },
  ...extra,
});
const mails = { class: 'pii.email', rule: 'email' };

describe('a class is proposed', () => {
  test.each<[string, Evidence, string | undefined, string | undefined]>([
    ['where most values are found', seen('a', { hits: 98, detected: mails }), 'pii.email', 'high'],
    ['where a few are found and the name agrees', seen('email', { hits: 1, detected: mails }), 'pii.email', 'high'],
    ['where the name alone tells', seen('email'), 'pii.email', 'medium'],
    ['where many values hold one', seen('notes', { hits: 10, detected: mails }), 'pii.email', 'medium'],
    ['with little confidence where few do', seen('notes', { hits: 1, detected: mails }), 'pii.email', 'low'],
    ['never where there is one already', seen('email', { hits: 9, classified: 'pii.email' }), undefined, undefined],
    ['never where nothing tells', seen('notes'), undefined, undefined],
  ])('%s', (_what, evidence, name, confidence) => {
    expect(propose('orders', evidence)?.class).toBe(name);
    expect(propose('orders', evidence)?.confidence).toBe(confidence);
  });

  test.each<[string, string | undefined]>([
    ['contactEmail', 'pii.email'],
    ['home_phone', 'pii.phone'],
    ['card_number', 'pci.card'],
    ['tax_id', 'pii.national_id'],
    ['date_of_birth', 'pii.birth_date'],
    ['lastName', 'pii.name'],
    ['api_key', 'secret.token'],
    ['email_verified', undefined],
    ['phone_type', undefined],
    ['token_expires_at', undefined],
    ['name', undefined],
    ['total', undefined],
  ])('by the name %s: %s', (column, name) => {
    expect(classByName(column)).toBe(name);
  });
});

const KINDS = {
  connections: [
    { name: 'orders', kind: 'postgres' },
    { name: 'shop', kind: 'kubernetes' },
  ],
};

/** A gateway with two tables, one of which may not be read; answers are masked as the real one masks them. */
const call: Call = (schema, _method, path, body) => {
  if (path === '/v1/connections') return Promise.resolve(schema.parse(KINDS));
  const { statement = '', connection } = (body ?? {}) as { statement?: string; connection?: string };
  expect([path, connection]).toEqual(['/v1/execute', 'orders']);
  if (statement.includes('"hidden"')) return Promise.reject(new Error('403 Blocked by policy: not yours'));
  const columns = statement.includes('information_schema')
    ? ['s', 't', 'c'].map((name) => ({ name, type: 'text', masked: false }))
    : [
        { name: 'id', type: 'int4', masked: false },
        { name: 'mail "home"', type: 'text', masked: true, class: 'pii.email', rule: 'value detector email' },
        { name: 'phone', type: 'text', masked: true, class: 'pii.phone', rule: 'column orders.*.*.phone' },
        { name: 'card', type: 'int8', masked: true, class: 'pci.card', rule: 'value detector card' },
      ];
  const rows = statement.includes('information_schema')
    ? [...['id', 'mail "home"', 'phone', 'card'].map((name) => ['public', 'people', name]), ['public', 'hidden', 'x']]
    : [
        [1, '[masked:pii.email]', '[masked:pii.phone]', null],
        [2, 'none of your business', '[masked:pii.phone]', null],
      ];
  const result = { columns, rows, rowCount: rows.length, truncated: false };
  return Promise.resolve(schema.parse({ status: 'succeeded', result }));
};

describe('countersign classify', () => {
  test('reads through the gateway, names what it could not, and prints no value', async () => {
    const report = await classify(call, 'orders', { rows: 50, table: [] });
    expect(report).toMatchObject({ tables: 2, columns: 4, classified: 1 });
    expect(report.unread).toEqual([{ table: 'public.hidden', why: '403 Blocked by policy: not yours' }]);
    expect(report.proposals).toEqual([
      {
        match: 'orders.public.people.mail "home"',
        class: 'pii.email',
        confidence: 'high',
        because: ['1 of 2 values look like pii.email (email)', 'the name says pii.email'],
      },
      {
        match: 'orders.public.people.card',
        class: 'pci.card',
        confidence: 'high',
        because: ['1 of 1 values look like pci.card (card)'],
      },
    ]);
    expect(JSON.stringify(report) + asYaml(report)).not.toContain('business');
  });

  test('says what it cannot sample: a cluster, and a table that is not there', async () => {
    await expect(classify(call, 'shop', { rows: 50, table: [] })).rejects.toThrow('of kind kubernetes');
    const misspelt = classify(call, 'orders', { rows: 50, table: ['public.peopel'] });
    await expect(misspelt).rejects.toThrow('orders has no table public.peopel');
  });

  test('reads as text what the Data API does not return as it is', async () => {
    const asked: string[] = [];
    const stubborn: Call = (schema, method, path, body) => {
      const { statement = '' } = (body ?? {}) as { statement?: string };
      asked.push(statement);
      const fails = statement.includes('"people"') && !statement.includes('"phone"::text AS "phone"');
      return fails ? Promise.reject(new Error('422 Target error')) : call(schema, method, path, body);
    };
    const report = await classify(stubborn, 'orders', { rows: 50, table: ['public.people'] });
    expect(report).toMatchObject({ columns: 4, unread: [] });
    expect(asked.filter((one) => one.includes('"people"'))).toHaveLength(2);
  });

  test('prints YAML that the configuration takes', async () => {
    const report = await classify(call, 'orders', { rows: 50, table: ['public.people'] });
    const { masking } = parse(asYaml(report)) as { masking: unknown };
    expect(maskingSchema.parse(masking).columns).toHaveLength(2);
    const empty = { ...report, proposals: [] };
    expect(maskingSchema.parse((parse(asYaml(empty)) as { masking: unknown }).masking).columns).toEqual([]);
  });
});
