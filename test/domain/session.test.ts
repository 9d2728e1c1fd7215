import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventBody } from '../../shared/domain/event.ts';
import { openWork } from '../../shared/domain/open-work.ts';
import { sessionOf } from '../../shared/domain/session.ts';
import { isFinal, mayBecome, SESSION_STATUSES } from '../../shared/domain/session-status.ts';
import { body, chainOf, newId, NOW, sessionFrom } from '../support/chains.ts';

const told = (...bodies: EventBody[]) => sessionOf(chainOf(newId(), bodies));

describe('the order of states', () => {
  const allowed = new Set([
    ...['running', 'blocked', 'denied', 'expired', 'cancelled', 'failed'].map((to) => `pending_approval ${to}`),
    ...['succeeded', 'failed', 'unknown_outcome'].map((to) => `running ${to}`),
  ]);
  const pairs = SESSION_STATUSES.flatMap((from) => SESSION_STATUSES.map((to) => [from, to] as const));

  test.each(pairs)('from %s to %s is as the design says', (from, to) => {
    expect(mayBecome(from, to)).toBe(allowed.has(`${from} ${to}`));
  });

  test('ends in the seven that nothing follows', () => {
    expect(SESSION_STATUSES.filter((status) => !isFinal(status))).toEqual(['pending_approval', 'running']);
  });
});

describe('a session as its events tell it', () => {
  const submitted = body.submitted();
  const waits = [submitted, body.decided, body.asked] as const;

  test.each<[string, EventBody[], string | undefined]>([
    ['a refusal', [submitted, body.refused], 'blocked'],
    ['a block', [submitted, body.blocked], 'blocked'],
    ['a run', [submitted, body.decided, body.intent], 'running'],
    ['a run that failed', [submitted, body.decided, body.intent, body.outcome], 'failed'],
    ['waiting', [...waits], 'pending_approval'],
    ['an approval', [...waits, body.voted, body.approved], 'pending_approval'],
    ['an approved run', [...waits, body.voted, body.approved, body.decided, body.intent, body.outcome], 'failed'],
    ['a denial', [...waits, body.voted, body.denied], 'denied'],
    ['an approval that came too late', [...waits, body.voted, body.approved, body.expired], 'expired'],
    ['a block right before the run', [...waits, body.voted, body.approved, body.blocked], 'blocked'],

    ['no beginning', [body.decided], undefined],
    ['nothing at all', [], undefined],
    ['two beginnings', [submitted, submitted], undefined],
    ['two runs', [submitted, body.decided, body.intent, body.intent], undefined],
    ['an outcome without a run', [submitted, body.decided, body.outcome], undefined],
    ['two outcomes', [submitted, body.intent, body.outcome, body.outcome], undefined],
    ['a run after a denial', [...waits, body.voted, body.denied, body.intent], undefined],
    ['a run after a block', [submitted, body.blocked, body.intent], undefined],
    ['a vote nobody was asked for', [submitted, body.decided, body.voted], undefined],
    ['a vote after the end', [...waits, body.approved, body.voted], undefined],
    ['a vote while it runs', [...waits, body.approved, body.intent, body.voted], undefined],
    ['a second question', [...waits, body.asked], undefined],
    ['a second approval', [...waits, body.approved, body.approved], undefined],
    ['an approval nobody was asked for', [submitted, body.decided, body.approved], undefined],
    ['an end while it runs', [...waits, body.approved, body.intent, body.expired], undefined],
    ['a denial while it runs', [...waits, body.approved, body.intent, body.denied], undefined],
    ['a decision while it runs', [submitted, body.intent, body.decided], undefined],
    ['a question while it runs', [submitted, body.intent, body.asked], undefined],
    ['anything after the end', [submitted, body.refused, body.decided], undefined],
  ])('reads %s', (_what, bodies, status) => {
    expect(told(...bodies)?.status).toBe(status);
  });

  const anyBody = fc.constantFrom<EventBody>(
    body.refused,
    body.decided,
    body.blocked,
    body.asked,
    body.voted,
    body.approved,
    body.denied,
    body.expired,
    body.intent,
    body.outcome,
  );

  test('only ever moves forward, runs at most once, and says nothing after its end', () => {
    fc.assert(
      fc.property(fc.array(anyBody, { maxLength: 10 }), (bodies) => {
        const chain = chainOf('ses_x', [submitted, ...bodies]);
        let before = sessionFrom(chain.slice(0, 1)).status;
        for (let length = 2; length <= chain.length; length += 1) {
          const after = sessionOf(chain.slice(0, length));
          if (after === undefined) {
            expect(sessionOf(chain)).toBeUndefined();
            return;
          }
          expect(after.status === before ? !isFinal(before) : mayBecome(before, after.status)).toBe(true);
          expect(after.events.filter(({ type }) => type === 'intent').length).toBeLessThanOrEqual(1);
          before = after.status;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('depends on nothing but its events', () => {
    const chain = chainOf('ses_x', [...waits, body.voted, body.approved]);
    expect(sessionOf(structuredClone(chain))).toEqual(sessionOf(chain));
  });
});

describe('what still has to happen to it', () => {
  const waits = [body.submitted(), body.decided, body.asked] as const;
  test.each<[string, EventBody[], boolean, string, string]>([
    ['nobody has heard', [...waits], false, 'unannounced', '2026-11-21T10:00:30.000Z'],
    ['people are asked', [...waits], true, 'waiting', '2026-11-21T10:30:15.000Z'],
    ['people have decided', [...waits, body.voted, body.approved], true, 'waiting', '2026-11-21T10:00:30.000Z'],
    [
      'people have decided before they were told',
      [...waits, body.voted, body.approved],
      false,
      'waiting',
      '2026-11-21T10:00:30.000Z',
    ],
    ['it runs', [body.submitted(), body.intent], true, 'running', '2026-11-21T10:02:00.000Z'],
    ['it has ended', [body.submitted(), body.refused], false, 'unarchived', '2026-11-21T10:00:20.000Z'],
  ])('when %s', (_what, bodies, announced, kind, due) => {
    expect(openWork(sessionFrom(chainOf('ses_x', bodies, NOW)), announced)).toEqual({ kind, due });
  });
});
