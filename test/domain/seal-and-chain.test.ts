import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findChainFault } from '../../shared/domain/chain.ts';
import type { SessionEvent } from '../../shared/domain/event.ts';
import { sealOf, type SealedMatter } from '../../shared/domain/seal.ts';
import type { Statement } from '../../shared/domain/statement.ts';
import { canonicalJson, digestOf } from '../../shared/platform/canonical.ts';
import { toJson, type JsonValue } from '../../shared/platform/json-value.ts';
import { agent, body, chainOf, nextOf, NOW, sessionFrom } from '../support/chains.ts';

const matter: SealedMatter = {
  connection: 'orders',
  target: 't',
  statement: { text: 'DELETE FROM t WHERE id=1', parameters: [1, 'a', null], body: { a: [1] } },
  agent: { ...agent, act: [{ issuer: 'i', subject: 's' }] },
  policyVersion: 'v1',
  expiresAt: '2026-11-21T10:30:00.000Z',
  nonce: 'n',
};
const stated = (statement: Partial<Statement>): SealedMatter => ({
  ...matter,
  statement: { ...matter.statement, ...statement },
});

describe('the seal', () => {
  test.each<[string, SealedMatter]>([
    ['the connection', { ...matter, connection: 'order' }],
    ['where it points', { ...matter, target: 'u' }],
    ['one space', stated({ text: 'DELETE FROM t  WHERE id=1' })],
    ['the case', stated({ text: 'delete FROM t WHERE id=1' })],
    ['a line end', stated({ text: 'DELETE FROM t WHERE id=1\r' })],
    ['a trailing NUL', stated({ text: 'DELETE FROM t WHERE id=1\u0000' })],
    ['a letter for one that looks alike', stated({ text: 'D\u0415LETE FROM t WHERE id=1' })],
    ['a parameter', stated({ parameters: [2, 'a', null] })],
    ['the type of a parameter', stated({ parameters: ['1', 'a', null] })],
    ['the order of parameters', stated({ parameters: ['a', 1, null] })],
    ['one parameter less', stated({ parameters: [1, 'a'] })],
    ['parameters by name', stated({ parameters: { 0: 1, 1: 'a', 2: null } })],
    ['the body', stated({ body: { a: [2] } })],
    ['a body of null', stated({ body: null })],
    ['the subject', { ...matter, agent: { ...matter.agent, subject: 'bo' } }],
    ['the issuer', { ...matter, agent: { ...matter.agent, issuerUrl: 'https://ci.example/' } }],
    [
      'the line between issuer and subject',
      { ...matter, agent: { ...matter.agent, issuerUrl: 'https://ci.exampleb', subject: 'ot' } },
    ],
    ['whom it acts for', { ...matter, agent: { ...matter.agent, act: [] } }],
    ['the order of whom it acts for', { ...matter, agent: { ...matter.agent, act: [{ issuer: 's', subject: 'i' }] } }],
    ['the policies', { ...matter, policyVersion: 'v2' }],
    ['the expiry', { ...matter, expiresAt: '2026-11-21T10:30:00.001Z' }],
    ['the nonce', { ...matter, nonce: 'm' }],
  ])('is another when %s changes', (_what, changed) => {
    expect(sealOf(changed)).not.toBe(sealOf(matter));
  });

  test('tells what is absent from what is null, empty or false', () => {
    const bare = { text: matter.statement.text };
    const all = [
      bare,
      ...[null, false, 0, '', [], {}, [null]].map((value) => ({ ...bare, body: value })),
      { ...bare, parameters: [] },
      { ...bare, parameters: {} },
    ];
    const seals = all.map((statement) => sealOf({ ...matter, statement }));
    expect(new Set(seals).size).toBe(all.length);
  });

  test('is the same for the same matter, in whatever order its members come', () => {
    expect(sealOf(stated({ body: { b: 1, a: 2 } }))).toBe(sealOf(stated({ body: { a: 2, b: 1 } })));
    expect(sealOf(matter)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('of two texts is the same only for the same bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
        expect(sealOf(stated({ text: left })) === sealOf(stated({ text: right }))).toBe(left === right);
        expect(sealOf(stated({ text: `${left}x` }))).not.toBe(sealOf(stated({ text: left })));
      }),
    );
  });
});

describe('the chain of events', () => {
  const chain = chainOf('ses_x', [
    body.submitted(),
    body.decided,
    body.asked,
    body.voted,
    body.approved,
    body.intent,
    body.outcome,
  ]);
  const at = fc.nat(chain.length - 1);
  const copy = (): SessionEvent[] => structuredClone(chain) as SessionEvent[];
  const nth = (events: readonly SessionEvent[], index: number): SessionEvent => {
    const event = events[index];
    if (event === undefined) throw new Error(`there is no event ${String(index)}`);
    return event;
  };
  const remade = (event: SessionEvent, change: Partial<SessionEvent>): SessionEvent => {
    const unhashed = Object.fromEntries(Object.entries({ ...event, ...change }).filter(([name]) => name !== 'hash'));
    return { ...event, ...change, hash: digestOf(toJson(unhashed)) } as SessionEvent;
  };

  test('holds as it was made', () => {
    expect(findChainFault(chain)).toBeUndefined();
    expect(findChainFault([])).toBeUndefined();
  });

  test('shows every flip of a bit of what is kept', () => {
    fc.assert(
      fc.property(at, fc.nat(), fc.nat(7), (index, where, bit) => {
        const bytes = Buffer.from(canonicalJson(toJson(chain[index])));
        const position = where % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
        let altered: SessionEvent;
        try {
          altered = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as SessionEvent;
        } catch {
          return;
        }
        const events = copy();
        events[index] = altered;
        expect(findChainFault(events)).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test('shows a deletion, a swap, a repeat, an insertion and a foreign event', () => {
    const foreign = chainOf('ses_y', [body.submitted(), body.decided]);
    fc.assert(
      fc.property(at, at, (one, other) => {
        // What is cut off at the end leaves a chain that holds; the head beside it tells (aws/session-store).
        if (one < chain.length - 1) expect(findChainFault(copy().toSpliced(one, 1))).toBeDefined();
        const swapped = copy();
        [swapped[one], swapped[other]] = [nth(swapped, other), nth(swapped, one)];
        expect(findChainFault(swapped) === undefined).toBe(one === other);
        expect(findChainFault(copy().toSpliced(one, 0, nth(chain, other)))).toBeDefined();
        expect(findChainFault(copy().toSpliced(one + 1, 0, nth(foreign, 1)))).toBeDefined();
      }),
    );
  });

  test('shows an event of an earlier time though its hash was made anew', () => {
    const events = copy();
    const last = events.length - 1;
    events[last] = remade(nth(events, last), { at: '2020-01-01T00:00:00.000Z' });
    expect(findChainFault(events)).toEqual({ seq: chain.length - 1, fault: 'backdated' });
  });

  test('is never dated backwards by a function whose clock is behind', () => {
    const session = sessionFrom(chainOf('s', [body.submitted(), body.decided, body.asked]));
    const behind = new Date(NOW.getTime() - 5_000);
    const events = [...session.events, ...nextOf(session, [body.voted], behind)];
    expect(events.at(-1)?.at).toBe(NOW.toISOString());
    expect(findChainFault(events)).toBeUndefined();
  });

  test('shows an event that was made anew in the middle, by the one after it', () => {
    const events = copy();
    events[2] = remade(nth(events, 2), { nonce: 'forged' });
    expect(findChainFault(events)).toEqual({ seq: 3, fault: 'wrong_previous' });
  });
});

describe('canonical JSON', () => {
  test('is the same for equal values and differs for different ones', () => {
    const value = fc.jsonValue() as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(value, value, (left, right) => {
        const same = canonicalJson(left) === canonicalJson(right);
        expect(canonicalJson(JSON.parse(canonicalJson(left)) as JsonValue)).toBe(canonicalJson(left));
        expect(digestOf(left) === digestOf(right)).toBe(same);
      }),
    );
  });

  test.each([
    ['a Date', new Date(0)],
    ['a Map', new Map([[1, 2]])],
    ['NaN', NaN],
    ['Infinity', -Infinity],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['undefined in a list', [undefined]],
  ])('has no form for %s', (_what, value) => {
    expect(() => toJson({ value: [value] })).toThrow(TypeError);
  });

  test('leaves out what is undefined, and keeps names that look special', () => {
    expect(canonicalJson(toJson({ b: undefined, a: 1 }))).toBe('{"a":1}');
    expect(canonicalJson(toJson(JSON.parse('{"__proto__":{"x":1},"constructor":2}')))).toBe(
      '{"__proto__":{"x":1},"constructor":2}',
    );
  });
});
