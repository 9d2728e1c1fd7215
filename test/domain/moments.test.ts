import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../shared/domain/decision.ts';
import { elapsedOf, momentsOf, secondsOf, waitsOf } from '../../shared/domain/moments.ts';

const ask = (expiresSeconds: number, more: Partial<Ask> = {}): Ask => ({
  group: 'dba',
  quorum: 1,
  expiresSeconds,
  ...more,
});
const after = (afterSeconds: number): Partial<Ask> => ({ escalation: { group: 'sec', afterSeconds } });

describe('what is told while a question waits', () => {
  test.each<[string, Ask[], [number, string][]]>([
    [
      'half and nine tenths of the time',
      [ask(1_800)],
      [
        [900, 'halfway'],
        [1_620, 'last_call'],
      ],
    ],
    [
      'of the shortest time',
      [ask(1_800), ask(60)],
      [
        [30, 'halfway'],
        [54, 'last_call'],
      ],
    ],
    ['nothing where policy wants nobody reminded', [ask(1_800, { remind: 'off' })], []],
    [
      'something where one policy wants it',
      [ask(60, { remind: 'off' }), ask(60)],
      [
        [30, 'halfway'],
        [54, 'last_call'],
      ],
    ],
    [
      'the second group between',
      [ask(100, after(70))],
      [
        [50, 'halfway'],
        [70, 'escalation'],
        [90, 'last_call'],
      ],
    ],
    [
      'the second group and a reminder at once',
      [ask(100, after(50))],
      [
        [50, 'escalation'],
        [50, 'halfway'],
        [90, 'last_call'],
      ],
    ],
    [
      'second groups together, at the latest',
      [ask(100, after(20)), ask(100, { ...after(70), remind: 'off' })],
      [
        [50, 'halfway'],
        [70, 'escalation'],
        [90, 'last_call'],
      ],
    ],
    ['no second group past the end', [ask(100, { ...after(70), remind: 'off' }), ask(60, { remind: 'off' })], []],
  ])('%s', (_what, asks, moments) => {
    expect(momentsOf(asks).map(({ afterSeconds, occasion }) => [afterSeconds, occasion])).toEqual(moments);
  });
});

describe('the waits of the workflow', () => {
  test.each<[string, Ask[], number, [number, number][]]>([
    [
      'from the start',
      [ask(100)],
      0,
      [
        [50, 0],
        [40, 50],
        [10, 90],
      ],
    ],
    [
      'with two things told at once',
      [ask(100, after(50))],
      0,
      [
        [50, 0],
        [40, 50],
        [10, 90],
      ],
    ],
    [
      'with the second group',
      [ask(100, after(70))],
      0,
      [
        [50, 0],
        [20, 50],
        [20, 70],
        [10, 90],
      ],
    ],
    [
      'when it starts late',
      [ask(100)],
      60,
      [
        [30, 60],
        [10, 90],
      ],
    ],
    ['when nothing is left to tell', [ask(100)], 95, [[5, 95]]],
    ['when no time is left', [ask(100)], 100, [[1, 100]]],
    [
      'of the shortest question there is',
      [ask(10)],
      0,
      [
        [5, 0],
        [4, 5],
        [1, 9],
      ],
    ],
  ])('%s', (_what, asks, elapsed, waits) => {
    expect(waitsOf(asks, elapsed).map(({ seconds, moment }) => [seconds, moment])).toEqual(waits);
  });

  test('are one to four, each at least a second, and together the time that is left', () => {
    const anyAsk = fc
      .record({
        seconds: fc.integer({ min: 10, max: 86_400 }),
        after: fc.option(fc.integer({ min: 1, max: 90_000 })),
        quiet: fc.boolean(),
      })
      .map(({ seconds, after: at, quiet }) =>
        ask(seconds, { ...(at === null ? {} : after(at)), ...(quiet ? { remind: 'off' as const } : {}) }),
      );
    fc.assert(
      fc.property(
        fc.array(anyAsk, { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 0, max: 90_000 }),
        (asks, elapsed) => {
          const waits = waitsOf(asks, elapsed);
          expect(waits.length).toBeGreaterThan(0);
          expect(waits.length).toBeLessThanOrEqual(4);
          expect(waits.every(({ seconds }) => Number.isInteger(seconds) && seconds >= 1)).toBe(true);
          expect(waits.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(Math.max(secondsOf(asks) - elapsed, 1));
        },
      ),
    );
  });

  test('count the time since the question, whatever the clock says', () => {
    const asked = { asks: [ask(100)], expiresAt: '2026-11-21T10:01:40.000Z' };
    const at = (time: string) => elapsedOf(asked, new Date(`2026-11-21T${time}Z`));
    expect([at('09:59:00.000'), at('10:00:00.000'), at('10:00:50.000'), at('11:00:00.000')]).toEqual([0, 0, 50, 100]);
  });
});
