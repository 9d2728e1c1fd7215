import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read } from '../../shared/connectors/kubernetes/analysis/index.ts';
import { K8S_ACTIONS, K8S_ATTRIBUTES } from '../../shared/connectors/kubernetes/analysis/vocabulary.ts';
import { readRequest } from '../../shared/connectors/kubernetes/request/index.ts';
import { pathOf } from '../../shared/connectors/kubernetes/request/rebuild.ts';
import { writeQuery } from '../../shared/connectors/kubernetes/request/query.ts';
import { toJson, type JsonValue } from '../../shared/platform/json-value.ts';
import { KUBE_CASES } from './support/cases.ts';

const texts = KUBE_CASES.map(({ text }) => text);
const bodies = KUBE_CASES.flatMap(({ body }) => (body === undefined ? [] : [body]));
const pieces = [
  '/',
  '//',
  '.',
  '..',
  '%2e',
  '%2F',
  '%5c',
  ';',
  '#',
  '?',
  '&',
  '=',
  '%',
  '\n',
  '\r',
  ' ',
  '\0',
  'exec',
  'secrets',
  'ö',
  '\u{202e}',
];

/** A request of the table with something put in, taken out or repeated. */
const mangled = fc
  .tuple(fc.constantFrom(...texts), fc.nat(200), fc.nat(4), fc.constantFrom(...pieces))
  .map(([text, at, cut, piece]) => text.slice(0, at) + piece + text.slice(at + cut));
const anyBody: fc.Arbitrary<JsonValue | undefined> = fc.oneof(
  fc.constantFrom(...bodies),
  fc.jsonValue({ maxDepth: 6 }).map(toJson),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constant(undefined),
);

describe('whatever is sent', () => {
  test('is refused, or judged in the words of policies, and never fails', () => {
    fc.assert(
      fc.property(fc.oneof(mangled, fc.string({ unit: 'binary' })), anyBody, (text, body) => {
        const found = read({ text, ...(body === undefined ? {} : { body }) }, []);
        if (!found.ok) return;
        expect(found.value.effects.length).toBeGreaterThan(0);
        for (const { action, group, attributes } of found.value.effects) {
          if (action === 'unreadable') continue;
          expect(K8S_ACTIONS).toHaveProperty([action], group);
          for (const name of Object.keys(attributes)) expect(K8S_ATTRIBUTES).toHaveProperty(name);
        }
      }),
      { numRuns: 600 },
    );
  });

  test('is sent as it was read: what is made of its parts reads the same, and is made of nothing else', () => {
    fc.assert(
      fc.property(mangled, (text) => {
        const found = readRequest({ text });
        if (!found.ok) return;
        const rebuilt = pathOf(found.value) + writeQuery(found.value.query);
        expect(rebuilt).toMatch(/^\/[\x21-\x7e]*$/);
        expect(rebuilt.split('?')[0]).not.toMatch(/\/\/|%|\/\.\.?(\/|$)/);
        const rest = text.slice(text.includes('\n') ? text.indexOf('\n') : text.length);
        expect(readRequest({ text: `${found.value.method} ${rebuilt}${rest}` })).toEqual(found);
      }),
      { numRuns: 600 },
    );
  });
});
