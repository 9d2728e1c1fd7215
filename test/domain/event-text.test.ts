import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findChainFault } from '../../shared/domain/chain.ts';
import { eventText, hashed } from '../../shared/domain/event-text.ts';
import { canonicalJson, canonicalObject, digestOf } from '../../shared/platform/canonical.ts';
import { toJson } from '../../shared/platform/json-value.ts';
import { body, chainOf, newId } from '../support/chains.ts';

describe('the text of an event', () => {
  const chain = chainOf(newId(), [body.submitted(), body.decided, body.asked]);

  test('is its canonical JSON, whether it was made with the event or is made of one that was read', () => {
    for (const event of chain) {
      const text = canonicalJson(toJson(event));
      expect(eventText(event)).toBe(text);
      expect(eventText({ ...event })).toBe(text);
    }
  });

  test('of a changed copy is that of the copy, so that a change shows', () => {
    const [first, ...others] = chain;
    if (first === undefined) throw new Error('no event');
    const changed = { ...first, at: '2001-01-01T00:00:00.000Z' };
    expect(eventText(changed)).toContain('2001-01-01');
    expect(findChainFault([changed, ...others])).toEqual({ seq: 0, fault: 'altered' });
  });

  test('made of the parts of an object is the canonical JSON of the whole, whatever its members are called and hold', () => {
    const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue());
    fc.assert(
      fc.property(object, (value) => {
        const members = new Map(Object.entries(value).map(([name, member]) => [name, canonicalJson(toJson(member))]));
        expect(canonicalObject(members)).toBe(canonicalJson(toJson(value)));
        const { hash } = hashed({ ...value, hash: undefined });
        expect(hash).toBe(digestOf(toJson({ ...value, hash: undefined })));
      }),
    );
  });
});
