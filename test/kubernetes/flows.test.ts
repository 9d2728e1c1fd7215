import { describe, expect, test } from 'vitest';
import { flowsOf } from '../../shared/connectors/kubernetes/analysis/flows.ts';
import { read } from '../../shared/connectors/kubernetes/analysis/index.ts';
import { maskingSchema } from '../../shared/contracts/config/masking.ts';
import { classifiedEffects } from '../../shared/domain/classified-effects.ts';
import { createClassifier } from '../../shared/masking/classify.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const classify = createClassifier(
  maskingSchema.parse({
    columns: [
      { match: 'cluster.v1.configmaps.data/*-dsn', class: 'internal.dsn' },
      { match: 'cluster.*.widgets.spec/owner', class: 'pii.owner' },
    ],
  }),
);

/** What a request would let its caller find out or carry away: action, class, and the column. */
function told(text: string, body?: JsonValue): readonly string[] {
  const reading = read({ text, ...(body === undefined ? {} : { body }) }, []);
  if (!reading.ok) throw new Error(reading.error.message);
  const flows = flowsOf(reading.value.request, reading.value.body);
  return classifiedEffects(flows, (column) => classify('cluster', column)?.class).map(
    ({ action, resource, attributes }) => `${action} ${String(attributes['class'])} ${resource.name}`,
  );
}

const patch = (path: string, query = '') => `PATCH ${path}${query}\nContent-Type: application/json-patch+json`;
const secret = '/api/v1/namespaces/shop/secrets/mailer';
const settings = '/api/v1/namespaces/shop/configmaps/settings';
const owner = '/apis/example.com/v1/namespaces/shop/widgets/w1';
const annotation = '/metadata/annotations/note';

describe('a request finds out of classified fields what its answer would mask', () => {
  test.each<[string, string, JsonValue | undefined, string[]]>([
    [
      'by a test of the value of a Secret',
      patch(secret),
      [{ op: 'test', path: '/data/smtp', value: 'aHVudGVyMg==' }],
      ['infer secret.kubernetes v1.secrets.data'],
    ],
    [
      'by a test of all of its data',
      patch(secret, '?dryRun=All'),
      [{ op: 'test', path: '/data', value: {} }],
      ['infer secret.kubernetes v1.secrets.data'],
    ],
    [
      'by copying one into an annotation, which the answer shows',
      patch(secret, '?dryRun=All'),
      [{ op: 'copy', from: '/data/smtp', path: annotation }],
      ['declassify secret.kubernetes v1.secrets.data'],
    ],
    [
      'by moving all of it among the labels',
      patch(secret),
      [{ op: 'move', from: '/data', path: '/metadata/labels' }],
      ['declassify secret.kubernetes v1.secrets.data'],
    ],
    [
      'by copying the copy that was applied',
      patch(secret),
      [
        {
          op: 'copy',
          from: '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration',
          path: annotation,
        },
      ],
      ['declassify secret.kubernetes v1.secrets.metadata/annotations'],
    ],
    [
      'by copying the whole object',
      patch(secret),
      [{ op: 'copy', from: '', path: annotation }],
      ['declassify secret.kubernetes v1.secrets.data'],
    ],
    [
      'of a field that the configuration classifies',
      patch(settings),
      [{ op: 'copy', from: '/data/orders-dsn', path: annotation }],
      ['declassify internal.dsn v1.configmaps.data/orders-dsn'],
    ],
    [
      'of all fields at once, which may be any',
      patch(settings),
      [{ op: 'copy', from: '/data', path: '/metadata/annotations' }],
      ['declassify unknown.lineage unknown'],
    ],
    [
      'by asking which objects have a value',
      'GET /apis/example.com/v1/widgets?fieldSelector=spec.owner%3Dada',
      undefined,
      ['infer pii.owner example_com.widgets.spec/owner'],
    ],
  ])('%s', (_how, text, body, expected) => {
    expect(told(text, body)).toEqual(expected);
  });
});

test.each<[string, string, JsonValue | undefined]>([
  ['setting a field', patch(settings), [{ op: 'replace', path: '/data/orders-dsn', value: 'x' }]],
  ['a test of what is not classified', patch(settings), [{ op: 'test', path: '/data/colour', value: 'blue' }]],
  ['a copy within the class', patch(secret), [{ op: 'copy', from: '/data/a', path: '/data/b' }]],
  ['a test of the version', patch(secret), [{ op: 'test', path: '/metadata/resourceVersion', value: '7' }]],
  ['a selector by name', 'GET /api/v1/namespaces/shop/secrets?fieldSelector=metadata.name%3Dmailer', undefined],
  ['a selector by state', 'GET /api/v1/pods?fieldSelector=status.phase%21%3DRunning', undefined],
  ['a merge', `PATCH ${owner}\nContent-Type: application/merge-patch+json`, { spec: { owner: 'ada' } }],
])('%s tells nothing', (_what, text, body) => {
  expect(told(text, body)).toEqual([]);
});
