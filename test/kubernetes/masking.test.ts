import { describe, expect, test } from 'vitest';
import { lineageOf } from '../../shared/connectors/kubernetes/lineage.ts';
import { resultOf } from '../../shared/connectors/kubernetes/execute/answer.ts';
import { maskingSchema } from '../../shared/contracts/config/masking.ts';
import type { MaskedResult } from '../../shared/domain/result-set.ts';
import { applyMasks } from '../../shared/masking/apply.ts';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { classifiedFields } from '../../shared/masking/document/fields.ts';
import { planMasks } from '../../shared/masking/plan.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const NEEDLE = 'c3VwZXItc2VjcmV0LXZhbHVl';
const MASKED_BASE64 = Buffer.from('[masked:secret.kubernetes]').toString('base64');

interface Given {
  readonly revealed?: readonly string[];
  readonly columns?: readonly { match: string; class: string }[];
}

/** What a caller sees of an answer to a request. */
function shown(
  text: string,
  answer: JsonValue | { text: string },
  { revealed = [], columns = [] }: Given = {},
): MaskedResult {
  const masking = maskingSchema.parse({ columns });
  const plan = planMasks(lineageOf({ text }), {
    classify: () => undefined,
    mayReveal: (_column, found) => revealed.includes(found.class),
    strategyOf: () => ({ kind: 'redact' }),
    fieldsOf: ({ relation, fields }) => classifiedFields(masking, 'cluster', relation, fields),
  });
  const isText = (given: typeof answer): given is { text: string } =>
    typeof given === 'object' && given !== null && 'text' in given && typeof given.text === 'string';
  const document = isText(answer) ? { text: answer.text } : { json: answer };
  return applyMasks(resultOf(document, 100, true), plan, { scanner: createScanner(masking.detectors) });
}
const value = (result: MaskedResult): JsonValue => result.rows[0]?.[0] ?? null;

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'db',
    namespace: 'prod',
    uid: '5ad65cc5-6b42-44c2-a3d8-a6a4e9f10b41',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({
        kind: 'Secret',
        data: { password: NEEDLE },
        stringData: { token: NEEDLE },
      }),
    },
  },
  type: 'Opaque',
  data: { password: NEEDLE },
  stringData: { password: NEEDLE },
};

describe('a Secret', () => {
  test.each<[string, string, JsonValue]>([
    ['by itself', 'GET /api/v1/namespaces/prod/secrets/db', secret],
    [
      'in a list',
      'GET /api/v1/secrets',
      { kind: 'SecretList', apiVersion: 'v1', metadata: {}, items: [secret, secret] },
    ],
    [
      'beside a row of a table',
      'GET /api/v1/secrets',
      { kind: 'Table', columnDefinitions: [{ name: 'Name' }], rows: [{ cells: ['db'], object: secret }] },
    ],
    [
      'as a dry run answers',
      'PATCH /api/v1/namespaces/prod/secrets/db?dryRun=All\nContent-Type: application/merge-patch+json',
      secret,
    ],
    ['of another version of the API', 'GET /apis/example.com/v1/namespaces/prod/secrets/db', secret],
  ])('is shown without its contents: %s', (_how, text, answer) => {
    const result = shown(text, answer);
    expect(JSON.stringify(result)).not.toContain(NEEDLE);
    expect(JSON.stringify(result)).toContain('"db"');
    expect(result.columns[0]).toMatchObject({ masked: true, class: 'secret.kubernetes' });
  });

  test('keeps its keys, and values that clients can decode', () => {
    expect(value(shown('GET /api/v1/namespaces/prod/secrets/db', secret))).toMatchObject({
      kind: 'Secret',
      metadata: { name: 'db', uid: secret.metadata.uid },
      data: { password: MASKED_BASE64 },
      stringData: { password: '[masked:secret.kubernetes]' },
    });
  });

  test('is shown where a policy reveals its class', () => {
    expect(
      value(shown('GET /api/v1/namespaces/prod/secrets/db', secret, { revealed: ['secret.kubernetes'] })),
    ).toMatchObject({
      data: { password: NEEDLE },
    });
  });

  test('whose applied copy cannot be read shows none', () => {
    const metadata = { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"data": ${NEEDLE}` } };
    expect(JSON.stringify(shown('GET /api/v1/namespaces/p/secrets/db', { ...secret, metadata }))).not.toContain(NEEDLE);
  });
});

test('a token that was asked for is not shown', () => {
  const answer = { kind: 'TokenRequest', spec: { audiences: [] }, status: { token: NEEDLE } };
  expect(value(shown('POST /api/v1/namespaces/p/serviceaccounts/ci/token', answer))).toMatchObject({
    status: { token: '[masked:secret.token]' },
  });
});

describe('a field with a class', () => {
  const columns = [
    { match: 'cluster.apps.deployments.spec/template/spec/containers/args', class: 'internal.args' },
    { match: 'cluster.v1.configmaps.data/*-url', class: 'internal.url' },
    { match: 'cluster.*.widgets.spec/owner', class: 'pii.owner' },
    { match: 'other.v1.pods.spec', class: 'internal.pods' },
  ];
  const deployment = {
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { template: { spec: { containers: [{ image: 'web', args: ['--needle'] }] } } },
  };

  test('is masked in every place of a list, and nothing else is', () => {
    expect(value(shown('GET /apis/apps/v1/namespaces/p/deployments/web', deployment, { columns }))).toEqual({
      ...deployment,
      spec: { template: { spec: { containers: [{ image: 'web', args: ['[masked:internal.args]'] }] } } },
    });
  });

  test('may be a pattern of names', () => {
    const configmap = { kind: 'ConfigMap', data: { 'db-url': 'needle', colour: 'blue' } };
    expect(value(shown('GET /api/v1/namespaces/p/configmaps/c', configmap, { columns }))).toMatchObject({
      data: { 'db-url': '[masked:internal.url]', colour: 'blue' },
    });
  });

  test('hides the cells of a table that could show it, and keeps the names', () => {
    const table = {
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Owner' }, { name: 'Age' }],
      rows: [{ cells: ['w1', 'needle', '5d'], object: { metadata: { name: 'w1' } } }],
    };
    const result = shown('GET /apis/example.com/v1/namespaces/p/widgets', table, { columns });
    expect(value(result)).toMatchObject({ rows: [{ cells: ['w1', '[masked:pii.owner]', '5d'] }] });
  });

  test('of another connection is nobody else’s', () => {
    const pod = { kind: 'Pod', spec: { nodeName: 'n1' } };
    expect(value(shown('GET /api/v1/namespaces/p/pods/a', pod, { columns }))).toEqual(pod);
  });
});

describe('what nothing classifies', () => {
  test('is looked through: variables, configuration, logs', () => {
    const pod = { kind: 'Pod', spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: 'hunter2!x' }] }] } };
    expect(JSON.stringify(shown('GET /api/v1/namespaces/p/pods/a', pod))).not.toContain('hunter2!x');
    const configmap = { kind: 'ConfigMap', data: { mail: 'ada@example.com' }, binaryData: { raw: NEEDLE } };
    const shownMap = JSON.stringify(shown('GET /api/v1/namespaces/p/configmaps/c', configmap));
    expect(shownMap).not.toContain('ada@example.com');
    expect(shownMap).not.toContain(NEEDLE);
    const log = shown('GET /api/v1/namespaces/p/pods/a/log', { text: 'hello\nfrom ada@example.com\n' });
    expect(log).toMatchObject({ rowCount: 2, columns: [{ type: 'text', masked: true }] });
    expect(value(log)).toBe('hello\nfrom [masked:pii.email]\n');
  });

  test('keeps what a client needs to know which object it is', () => {
    const metadata = {
      name: 'web',
      resourceVersion: '4111111111111111',
      continue: 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MTB9',
      uid: '5ad65cc5-6b42-44c2-a3d8-a6a4e9f10b41',
    };
    expect(value(shown('GET /api/v1/pods', { kind: 'PodList', apiVersion: 'v1', metadata, items: [] }))).toMatchObject({
      metadata,
    });
  });

  test('is shown as it is where it describes the API', () => {
    const answer = { description: 'write to ada@example.com' };
    expect(value(shown('GET /openapi/v3', answer))).toEqual(answer);
  });
});

describe('a value that detectors know by its form or its name', () => {
  const [dsn, word] = ['amqps://mailer:Tr0ub4dor@mq.internal/shop', 'Tr0ub4dor-and-3'];
  const github = ['ghp_', 'k3JvX9Qm2LtR7sBwYc5HnD8fZaPe1UgT4oVi'].join('');
  const container = (env: JsonValue) => ({ name: 'mailer', env });
  const pod = (spec: JsonValue) => ({ kind: 'Pod', metadata: { name: 'm' }, spec });
  const applied = (name: string, object: JsonValue) => ({
    kind: 'Deployment',
    metadata: { name: 'mailer', annotations: { [name]: JSON.stringify(object) } },
    spec: {},
  });

  test.each<[string, string, JsonValue | { text: string }]>([
    [
      'in the environment of a container',
      'GET /api/v1/pods',
      pod({ containers: [container([{ name: 'SMTP_PASSWORD', value: word }])] }),
    ],
    [
      'of one that runs before the others',
      'GET /api/v1/pods',
      pod({ initContainers: [container([{ name: 'GIT_TOKEN', value: github }])] }),
    ],
    [
      'of one that was added for looking',
      'GET /api/v1/pods',
      pod({ ephemeralContainers: [container([{ name: 'AMQP', value: dsn }])] }),
    ],
    ['among arguments', 'GET /api/v1/pods', pod({ containers: [{ args: [`--password=${word}`, `--broker=${dsn}`] }] })],
    [
      'in the template of a Deployment',
      'GET /apis/apps/v1/deployments',
      { kind: 'Deployment', spec: { template: pod({ containers: [container([{ name: 'DB_PASS', value: dsn }])] }) } },
    ],
    [
      'in what was last applied',
      'GET /apis/apps/v1/namespaces/shop/deployments/mailer',
      applied('kubectl.kubernetes.io/last-applied-configuration', {
        spec: { containers: [container([{ name: 'SMTP_PASSWORD', value: word }])] },
      }),
    ],
    [
      'in what another tool applied',
      'GET /apis/apps/v1/namespaces/shop/deployments/mailer',
      applied('example.com/last-applied', { kind: 'Deployment', spec: { env: [{ name: 'TOKEN', value: github }] } }),
    ],
    [
      'in a file of a ConfigMap',
      'GET /api/v1/configmaps',
      { kind: 'ConfigMap', data: { 'app.properties': `smtp.password=${word}\nbroker=${dsn}\n` } },
    ],
    ['in YAML of a ConfigMap', 'GET /api/v1/configmaps', { data: { 'app.yaml': `smtp:\n  password: ${word}\n` } }],
    [
      'in JSON of a ConfigMap',
      'GET /api/v1/configmaps',
      { data: { 'app.json': JSON.stringify({ smtp: { password: word } }) } },
    ],
    ['in a log', 'GET /api/v1/namespaces/shop/pods/m/log', { text: `\u001b[32mINFO\u001b[0m connect ${dsn}\n` }],
    [
      'in an Event',
      'GET /api/v1/events',
      { kind: 'Event', reason: 'Failed', message: `pull failed: token ${github} was refused` },
    ],
    [
      'in a cell of a table',
      'GET /api/v1/events',
      {
        kind: 'Table',
        columnDefinitions: [{ name: 'Name' }, { name: 'Message' }],
        rows: [{ cells: ['e1', `login with ${dsn}`] }],
      },
    ],
    [
      'in the status of a custom resource',
      'GET /apis/example.com/v1/widgets',
      { kind: 'Widget', status: { conditions: [{ message: `dial ${dsn}` }] } },
    ],
  ])('%s', (_where, text, answer) => {
    const told = JSON.stringify(shown(text, answer));
    for (const needle of ['Tr0ub4dor', github]) expect(told).not.toContain(needle);
    expect(told).toContain('[masked:');
  });

  test('stays hidden in a Secret that another tool applied, in base64 too', () => {
    const copy = { kind: 'Secret', data: { smtp: NEEDLE }, stringData: { smtp: 'abc1' } };
    const metadata = { name: 'db', annotations: { 'example.com/applied': JSON.stringify(copy) } };
    const told = JSON.stringify(shown('GET /api/v1/secrets', { ...secret, metadata }));
    for (const needle of [NEEDLE, 'abc1']) expect(told).not.toContain(needle);
  });
});
