import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import type { World } from '../world.ts';

type Json = Record<string, unknown>;

/**
 * The world of these cases is the analytics connection, whose writes are asked of the DBAs for sixteen seconds, after two
 * of the auditors as well, and which the reporting pipeline may write without waiting under break-glass.
 */
export const FLOW_POLICIES = `
@id("reporting-writes")
permit (principal in Group::"reporting", action in Action::"write", resource in Connection::"analytics");

@id("sales-need-a-dba")
@approval("dba") @expires("16s") @escalate("auditor") @escalate_after("2s")
@message("Changes of sales need a DBA, or an auditor when no DBA answers.")
forbid (principal, action in Action::"write", resource in Connection::"analytics")
unless
{
  context.approvals.containsAny(["dba", "auditor"]) ||
  (context.breakGlass && principal in Group::"reporting")
};

@id("sales-say-why")
@message("Say why in \`reason\`, and name the ticket in \`context.ticket\`: PAY- and its number.")
forbid (principal, action in Action::"write", resource in Connection::"analytics")
when { context.reason == "" || !(context.ticket like "PAY-*") };
`;

const UPDATE = 'UPDATE daily_sales SET orders = orders + 1 WHERE city =';

export function approvalFlowCases(world: () => World): void {
  const call = async (path: string, who: string, body?: Json): Promise<Json> => {
    const authorization = `Bearer ${await world().stack.tokenFor(who)}`;
    const response = await world().raw(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ...((await response.json()) as Json), http: response.status };
  };
  const write = (city: string, more: Json = {}) =>
    call('/v1/execute', 'other-agent', {
      connection: 'analytics',
      statement: `${UPDATE} '${city}'`,
      reason: 'A test',
      context: { ticket: 'PAY-1' },
      ...more,
    });
  const session = (of: Json, who: string, wait = 0) => call(`/v1/sessions/${String(of['session'])}?wait=${wait}`, who);
  const owed = async (who: string) => {
    const answer = z.object({ sessions: z.array(z.object({ session: z.string() })) });
    const { sessions } = answer.parse(await call('/v1/sessions?review=owed', who));
    return sessions.map((one) => one.session);
  };
  const messagesOf = async (of: Json): Promise<string[]> => {
    const answer = await world().raw('/slack/api/messages');
    const { messages } = z
      .object({ messages: z.array(z.object({ text: z.string(), blocks: z.array(z.unknown()) })) })
      .parse(await answer.json());
    return messages.filter(({ text }) => text.includes(String(of['session']))).map((one) => JSON.stringify(one));
  };
  const eventually = async <T>(look: () => Promise<T>, good: (seen: T) => boolean): Promise<T> => {
    let seen = await look();
    for (let tries = 0; !good(seen) && tries < 60; tries += 1) {
      await sleep(200);
      seen = await look();
    }
    return seen;
  };
  const events = (of: Json): string[] => (of['events'] as { type: string }[]).map(({ type }) => type);

  it('asks a second group when the first is silent, reminds, and says at every moment what is needed', async () => {
    const asked = await write('Lyon');
    expect(asked).toMatchObject({
      http: 202,
      approval: {
        groups: ['dba'],
        needed: [{ group: 'dba', more: 1 }],
        detail: expect.stringContaining('Needed: 1 more of dba, until 20') as string,
      },
    });
    const vote = { seal: asked['seal'] };
    const path = `/v1/sessions/${String(asked['session'])}/approve`;
    expect(await call(path, 'auditor', vote)).toMatchObject({ http: 403, reason: 'not_asked' });
    const later = await eventually(
      () => session(asked, 'other-agent'),
      (seen) => JSON.stringify(seen['approval']).includes('"groups":["dba","auditor"]'),
    );
    expect(later).toMatchObject({
      approval: {
        needed: [{ group: 'dba', more: 1, or: { group: 'auditor', more: 1 } }],
        detail: expect.stringContaining('1 more of dba or 1 more of auditor') as string,
      },
    });
    const reminded = await eventually(
      () => session(asked, 'other-agent'),
      (seen) => events(seen).filter((type) => type === 'told').length === 4,
    );
    expect(events(reminded)).toEqual(expect.arrayContaining(['escalated', 'told', 'told']));
    expect((await messagesOf(asked)).join('\n')).toMatch(
      /second group is asked as well[\s\S]*Half of the time is over/,
    );
    expect(await call(path, 'auditor', vote)).toMatchObject({ http: 200, state: 'approved' });
    expect(await session(asked, 'other-agent', 20)).toMatchObject({ status: 'succeeded' });
  });

  it.each([
    ['no reason', { reason: undefined }],
    ['blanks for a reason', { reason: '  ' }],
    ['no ticket', { context: {} }],
    ['another ticket', { context: { ticket: 'OPS-1' } }],
  ])('tells the agent what to add when there is %s', async (_what, more) => {
    expect(await write('Nantes', more)).toMatchObject({
      http: 403,
      code: 'blocked_by_policy',
      policies: [
        { id: 'sales-say-why', message: expect.stringContaining('name the ticket in `context.ticket`') as string },
      ],
    });
  });

  it('shows a vote in Slack that leaves the question open', async () => {
    const two = await call('/v1/execute', 'ci-agent', {
      connection: 'orders',
      statement: 'UPDATE products SET price_cents = 9 WHERE id = 3',
      reason: 'A test',
    });
    const message = async () => (await messagesOf(two)).join('\n');
    await eventually(message, (text) => text.includes('countersign_approve'));
    await call(`/v1/sessions/${String(two['session'])}/approve`, 'dba-1', { seal: two['seal'] });
    const text = await eventually(message, (seen) => seen.includes('1 of 2'));
    expect(text).toContain('`dba-1` approved over the API');
    await call(`/v1/sessions/${String(two['session'])}/cancel`, 'ci-agent', {});
  });

  it('lets a named group break the glass, tells who was skipped at once, and is owed a review', async () => {
    expect(await write('Lyon', { breakGlass: true, reason: ' ' })).toMatchObject({ http: 400, member: 'reason' });
    const ran = await write('Paris', { breakGlass: true, reason: 'Figures are wrong on the front page' });
    expect(ran).toMatchObject({
      http: 200,
      status: 'succeeded',
      breakGlass: { skipped: ['dba'], reason: 'Figures are wrong on the front page' },
    });
    const text = await eventually(
      async () => (await messagesOf(ran)).join('\n'),
      (seen) => seen.includes('Ran under break-glass'),
    );
    expect(text).toContain('countersign_accept');
    expect(text).not.toContain('countersign_approve');
    expect(events(await session(ran, 'dba-1'))).toEqual([
      'submitted',
      'decided',
      'break_glass',
      'decided',
      'intent',
      'outcome',
    ]);
    expect(await session(ran, 'dba-1')).toMatchObject({ breakGlass: { review: { state: 'owed' } } });
    expect([await owed('dba-1'), await owed('other-agent'), await owed('auditor'), await owed('ci-agent')]).toEqual([
      [ran['session']],
      [ran['session']],
      [ran['session']],
      [],
    ]);
    const review = `/v1/sessions/${String(ran['session'])}/review`;
    const accepted = { verdict: 'accepted', comment: 'Read it: one city, one row.' };
    expect(await call(review, 'other-agent', accepted)).toMatchObject({ http: 403, code: 'not_a_person' });
    expect(await call(review, 'auditor', accepted)).toMatchObject({ http: 403, reason: 'not_asked' });
    expect(await call(review, 'dba-1', { verdict: 'accepted', comment: ' ' })).toMatchObject({
      http: 400,
      member: 'comment',
    });
    expect(await call(review, 'dba-1', accepted)).toMatchObject({ http: 200, kind: 'closed', verdict: 'accepted' });
    expect(await call(review, 'dba-1', accepted)).toMatchObject({ http: 200, kind: 'already' });
    expect(await call(review, 'dba-2', { ...accepted, verdict: 'objected' })).toMatchObject({
      http: 409,
      code: 'review_closed',
    });
    expect(await owed('auditor')).toEqual([]);
    expect(await session(ran, 'auditor')).toMatchObject({ breakGlass: { review: { state: 'accepted', by: 'dba-1' } } });
    expect((await messagesOf(ran)).join('\n')).toContain('Reviewed');
    expect(await call('/v1/sessions?breakGlass=true', 'auditor')).toMatchObject({
      sessions: [{ session: ran['session'] }],
    });
  });

  it('takes the review from Slack, and lets nobody break a glass that policy does not name', async () => {
    const ran = await write('Berlin', { breakGlass: true });
    const dana = createSlackPerson(world().stack.url, 'U0DBA00001');
    await eventually(
      async () => (await messagesOf(ran)).join('\n'),
      (seen) => seen.includes('countersign_object'),
    );
    await dana.press(String(ran['session']), 'object', 'This could have waited.');
    expect(await session(ran, 'dba-2')).toMatchObject({
      breakGlass: { review: { state: 'objected', by: 'dba-1', via: 'slack' } },
    });
    const held = {
      connection: 'orders',
      statement: 'DELETE FROM orders WHERE id = 21',
      reason: 'A test',
      breakGlass: true,
    };
    expect(await call('/v1/execute', 'ci-agent', held)).toMatchObject({
      http: 403,
      code: 'blocked_by_policy',
      detail: expect.stringContaining('without `breakGlass`, and dba will be asked') as string,
    });
  });
}
