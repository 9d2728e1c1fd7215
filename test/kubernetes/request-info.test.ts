import { describe, expect, test } from 'vitest';
import { readRequest } from '../../shared/connectors/kubernetes/request/index.ts';
import { pathOf } from '../../shared/connectors/kubernetes/request/rebuild.ts';
import { writeQuery } from '../../shared/connectors/kubernetes/request/query.ts';
import { upstreamCases } from './support/upstream.ts';

const upstream = upstreamCases();

/** What the API server would take, and the gateway does not: each can be read in another way by something in between. */
const REFUSED = new Map([
  ['/apis/extensions/v1beta1/', 'it ends in a slash'],
  ['', 'it has no path'],
  ['/not-api/version/resource', 'no Kubernetes answers there'],
]);

describe.skipIf(upstream.length === 0)("the API server's own cases for RequestInfo", () => {
  test('are 43', () => {
    expect(upstream).toHaveLength(43);
  });

  test.each(upstream.filter(({ target }) => !REFUSED.has(target)))('$method $target', ({ method, target, truth }) => {
    const read = readRequest({ text: `${method} ${target}` });
    if (!read.ok) throw new Error(read.error.message);
    const { isResourceRequest, ...attributes } = truth;
    expect(read.value.kind === 'resource').toBe(isResourceRequest);
    if (read.value.kind !== 'resource') return;
    const { group, verb, version, resource, subresource, namespace, name } = read.value;
    expect({ apiGroup: group, verb, version, resource, subresource, namespace, name }).toMatchObject(attributes);
  });

  test.each([...REFUSED])('%j is refused, since %s', (target) => {
    expect(readRequest({ text: `GET ${target}` }).ok).toBe(false);
  });

  test.each(upstream.filter(({ target }) => !REFUSED.has(target)))(
    '$method $target is sent as it was read',
    ({ method, target }) => {
      const read = readRequest({ text: `${method} ${target}` });
      if (!read.ok) throw new Error(read.error.message);
      const rebuilt = pathOf(read.value) + writeQuery(read.value.query);
      expect(rebuilt).toBe(target);
      expect(readRequest({ text: `${method} ${rebuilt}` })).toEqual(read);
    },
  );
});
