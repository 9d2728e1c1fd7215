import { afterEach, describe, expect, it, vi } from 'vitest';
import { COUNTED, counting } from '../../shared/aws/counting-log.ts';
import { measured } from '../../shared/aws/measured-store.ts';
import { createMetrics } from '../../shared/aws/metrics.ts';
import { METRICS, type Measures } from '../../shared/contracts/metrics.ts';
import type { EventBody } from '../../shared/domain/event.ts';
import { measuresOf } from '../../shared/gateway/record/measures.ts';
import { body, chainOf, newId, nextOf, sessionFrom } from '../support/chains.ts';
import { memorySessionStore } from '../support/memory-session-store.ts';

const submitted = body.submitted();
const LATER = new Date('2026-11-21T10:07:00.000Z');
const outcome = (kind: 'succeeded' | 'unknown_outcome', targetMs: number): EventBody => ({
  type: 'outcome',
  data:
    kind === 'succeeded'
      ? { kind, targetMs, result: { inline: { columns: [], rows: [], rowCount: 0, truncated: false } } }
      : { kind, targetMs, message: '' },
});

describe('what is on record, in numbers', () => {
  it.each<[string, readonly EventBody[], Measures]>([
    ['a refused request', [submitted, body.refused], { Requests: 1, Blocked: 1 }],
    ['a blocked one', [submitted, body.blocked], { Requests: 1, Blocked: 1 }],
    ['one that people are asked about', [submitted, body.decided, body.asked], { Requests: 1, Asked: 1 }],
    ['an allowed one, before it ran', [submitted, body.decided, body.intent], { Requests: 1 }],
    [
      'one under break-glass',
      [submitted, body.decided, { type: 'break_glass', data: { reason: 'down', skipped: [] } }],
      { Requests: 1, BrokenGlass: 1 },
    ],
  ])('%s', (_, bodies, expected) => {
    expect(measuresOf([], chainOf(newId(), bodies))).toEqual(expected);
  });

  const waiting = sessionFrom(chainOf(newId(), [submitted, body.decided, body.asked]));
  it.each<[string, readonly EventBody[], Measures]>([
    ['a vote that is not the last', [body.voted], {}],
    ['a yes', [body.voted, body.approved], { Approved: 1, ApprovalLatency: 420_000 }],
    ['a no', [body.denied], { Denied: 1, ApprovalLatency: 420_000 }],
    ['nobody in time, which says nothing of how long people take', [body.expired], { Expired: 1 }],
  ])('after a question: %s', (_, bodies, expected) => {
    expect(measuresOf(waiting.events, nextOf(waiting, bodies, LATER))).toEqual(expected);
  });

  const running = sessionFrom(chainOf(newId(), [submitted, body.decided, body.intent]));
  it.each<[string, EventBody, Measures]>([
    ['an answer', outcome('succeeded', 12), { Succeeded: 1, TargetTime: 12 }],
    ['a refusal of the target', body.outcome, { Failed: 1, TargetTime: 1 }],
    ['nobody knows', outcome('unknown_outcome', 45_000), { UnknownOutcomes: 1, TargetTime: 45_000 }],
    ['a run that never reached the target', outcome('unknown_outcome', 0), { UnknownOutcomes: 1 }],
  ])('after a run: %s', (_, event, expected) => {
    expect(measuresOf(running.events, nextOf(running, [event]))).toEqual(expected);
  });
});

describe('the store', () => {
  it('counts what it took, once, and nothing that it did not take', async () => {
    const seen: [Measures, unknown][] = [];
    const store = measured(memorySessionStore(), { record: (measures, facts) => seen.push([measures, facts]) });
    const events = chainOf(newId(), [submitted, body.decided, body.asked]);
    const session = sessionFrom(events);
    await store.create(events);
    await store.create(chainOf(session.id, [submitted, body.decided, body.asked]));
    await store.append(session, nextOf(session, [body.denied]));
    await store.append(session, nextOf(session, [body.expired]));
    expect(seen).toEqual([
      [{ Requests: 1, Asked: 1 }, { session: session.id }],
      [{ Denied: 1, ApprovalLatency: 0 }, { session: session.id }],
    ]);
  });
});

describe('the log', () => {
  it('counts its errors, and what has a metric of its own', () => {
    const seen: Measures[] = [];
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const log = counting(quiet, { record: (measures) => seen.push(measures) });
    log.error('configuration not taken');
    log.info('caller refused');
    log.warn('Slack request refused');
    expect(seen).toEqual([{ Errors: 1, ConfigurationFaults: 1 }, { CallersRefused: 1 }, {}]);
    expect(Object.values(COUNTED).every((name) => Object.hasOwn(METRICS, name))).toBe(true);
  });
});

describe('a measure', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('leaves as one line in the embedded metric format, with one dimension', () => {
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Countersign');
    const lines: string[] = [];
    // Powertools writes to a console of its own making, which ends at the process's standard output.
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
    createMetrics().record({ Requests: 1, DecisionTime: 3 }, { session: 'ses_1' });
    createMetrics().record({});
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number) as number,
          CloudWatchMetrics: [
            {
              Namespace: 'Countersign',
              Dimensions: [['service']],
              Metrics: [
                { Name: 'Requests', Unit: 'Count' },
                { Name: 'DecisionTime', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
        service: 'countersign',
        session: 'ses_1',
        Requests: 1,
        DecisionTime: 3,
      },
    ]);
  });
});
