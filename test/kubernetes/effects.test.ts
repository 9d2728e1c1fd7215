import { describe, expect, test } from 'vitest';
import { K8S_ACTIONS, K8S_ATTRIBUTES } from '../../shared/connectors/kubernetes/analysis/vocabulary.ts';
import type { KubeCase } from './support/case.ts';
import { KUBE_CASES } from './support/cases.ts';
import { readingOf } from './support/reading.ts';

const title = ({ text, body }: KubeCase): string =>
  `${JSON.stringify(text)}${body === undefined ? '' : ` ${JSON.stringify(body).slice(0, 80)}`}`;

describe.each([...new Set(KUBE_CASES.map((one) => one.class))])('%s', (name) => {
  const cases = KUBE_CASES.filter((one) => one.class === name).map((one) => ({ title: title(one), one }));
  test.each(cases)('$title', ({ one }) => {
    const found = readingOf(one);
    expect(found.is).toEqual(one.is);
    if (one.with !== undefined) expect(found.attributes).toMatchObject(one.with);
    for (const absent of one.without ?? []) expect(found.attributes).not.toHaveProperty(absent);
  });
});

test('every action is reached by a case, and every attribute by one that has it', () => {
  const found = KUBE_CASES.map(readingOf);
  const actions = new Set(found.flatMap(({ is }) => (typeof is === 'string' ? [] : is)));
  expect(Object.keys(K8S_ACTIONS).filter((action) => !actions.has(action))).toEqual([]);
  const attributes = new Set(found.flatMap((one) => Object.keys(one.attributes)));
  expect(Object.keys(K8S_ATTRIBUTES).filter((name) => name !== 'readsClassified' && !attributes.has(name))).toEqual([]);
});
