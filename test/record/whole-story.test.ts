import { describe, expect, test } from 'vitest';
import { findChainFault } from '../../shared/domain/chain.ts';
import type { SessionEvent } from '../../shared/domain/event.ts';
import type { TargetOutcome } from '../../shared/domain/result-set.ts';
import { askApprovers } from '../../shared/gateway/approval/ask-approvers.ts';
import { castBallot } from '../../shared/gateway/approval/cast-ballot.ts';
import { runApproved } from '../../shared/gateway/approval/run-approved.ts';
import { archivedText, archiveKey } from '../../shared/gateway/record/archive-object.ts';
import { archiveSession } from '../../shared/gateway/record/archive-session.ts';
import { readArchived } from '../../shared/gateway/record/read-archived.ts';
import { resultOf } from '../../shared/gateway/read-sessions.ts';
import { readingSpare } from '../../shared/aws/spare-blobs.ts';
import { err } from '../../shared/platform/result.ts';
import { createWorld, type World } from '../gateway/world.ts';
import { rowsOf } from '../support/scripted-connector.ts';

const eventOf = <T extends SessionEvent['type']>(events: readonly SessionEvent[], type: T) => {
  const found = events.find((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
};

async function ran(world: World, statement = 'SELECT customers') {
  const answer = await world.execute(statement);
  if (!answer.ok) throw new Error(answer.error.refusal.code);
  return answer.value;
}

describe('what was masked', () => {
  test('stands in the record before the outcome, by class and rule, with the places of the columns', async () => {
    const { session } = await ran(createWorld());
    expect(session.events.slice(-2).map(({ type }) => type)).toEqual(['masked', 'outcome']);
    expect(eventOf(session.events, 'masked').data).toEqual({
      masked: [{ class: 'pii.email', rule: 'column *.public.customers.email', columns: [1] }],
      revealed: [],
    });
    expect(JSON.stringify(session.events)).not.toContain('ada@example.com');
  });

  test('is no event where nothing was classified and no detector found anything', async () => {
    const world = createWorld();
    world.connector.lineage = () => Promise.resolve({ known: true, columns: [] });
    world.connector.answer = () => rowsOf([], []);
    const { session } = await ran(world);
    expect(session.events.map(({ type }) => type)).not.toContain('masked');
  });
});

describe('a question', () => {
  test('says whom it was put to and where, and every vote says who, by which identity, when and for which seal', async () => {
    const world = createWorld();
    const session = await world.ask();
    await askApprovers(world.deps, session.id, { taskToken: 'token' });
    const seal = world.store.sessionOf(session.id).asked?.seal ?? '';
    const voter = { via: 'slack', team: 'T0ACME0001', user: 'U0DBA1' } as const;
    world.advance(5);
    const voted = await castBallot(world.deps, { session: session.id, seal, verdict: 'approve', voter });
    expect(voted).toMatchObject({ ok: true });
    await runApproved(world.deps, session.id);
    const { events } = world.store.sessionOf(session.id);
    expect(eventOf(events, 'told').data).toEqual({
      occasion: 'asked',
      to: [{ group: 'dba', channel: 'C0DBA' }],
      missed: [],
    });
    const vote = eventOf(events, 'voted');
    expect(vote.data).toEqual({
      person: 'dba-1',
      verdict: 'approve',
      seal,
      groups: ['dba'],
      via: 'slack',
      as: { team: 'T0ACME0001', user: 'U0DBA1' },
      at: vote.at,
    });
    expect(eventOf(events, 'intent').data.seal).toBe(seal);
    expect(findChainFault(events)).toBeUndefined();
  });

  test('answered over the API names the identities of the person', async () => {
    const world = createWorld();
    const session = await world.ask();
    await world.vote(session, 'dba-1');
    const { as } = eventOf(world.store.sessionOf(session.id).events, 'voted').data;
    expect(as).toEqual({ identities: [expect.objectContaining({ issuer: expect.any(String) as string })] });
  });
});

describe('a large answer that S3 does not take', () => {
  const away = err({ code: 'record_unavailable', message: 'S3 is away' } as const);
  const large = (): TargetOutcome =>
    rowsOf(
      ['name', 'email'],
      Array.from({ length: 500 }, (_none, at) => [`customer number ${String(at)}`.padEnd(90, '.'), 'a@example.com']),
    );

  async function withoutS3(world: World) {
    const put = world.deps.blobs.put.bind(world.deps.blobs);
    world.deps.blobs.put = () => Promise.resolve(away);
    world.connector.answer = large;
    const answered = await ran(world);
    return { ...answered, back: () => (world.deps.blobs.put = put) };
  }

  test('is answered as not recorded, and can be read from where it was set aside', async () => {
    const world = createWorld();
    const { session, recorded } = await withoutS3(world);
    expect([recorded, session.status, world.deps.spare.parts.size]).toEqual([false, 'succeeded', 1]);
    const result = await resultOf(readingSpare(world.deps.blobs, world.deps.spare), session);
    expect(result?.rows).toHaveLength(500);
    expect(world.logged).toContain('answer not on record');
  });

  test('holds its session back from the archive until S3 has it, and nothing there points nowhere', async () => {
    const world = createWorld();
    const { session, back } = await withoutS3(world);
    expect(await archiveSession(world.deps, session.id)).toMatchObject({ ok: false });
    expect(world.deps.archive.objects.size).toBe(0);
    back();
    expect(await archiveSession(world.deps, session.id)).toEqual({ ok: true, value: 'archived' });
    const key = archiveKey(session);
    const bytes = world.deps.archive.objects.get(key)?.bytes ?? new Uint8Array();
    expect(archivedText(bytes)).toContain('"blob"');
    const archived = readArchived(key, bytes);
    const result = archived.ok ? await resultOf(world.deps.blobs, archived.value) : undefined;
    expect([result?.rows.length, world.deps.spare.parts.size]).toEqual([500, 0]);
  });
});
