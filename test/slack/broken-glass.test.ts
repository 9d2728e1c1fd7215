import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalView } from '../../shared/domain/approval-view.ts';
import { blockSchema } from '../../infra/local/slack/blocks.ts';
import { approvalMessage } from '../../shared/slack/message.ts';
import { reminderText } from '../../shared/slack/reminder.ts';
import { err } from '../../shared/platform/result.ts';
import { CHANNEL, containing, DBA, FOREIGNER, startBench, TEAM, type Bench } from './parts.ts';
import { SEAL, view } from './views.ts';

const broken = (changes: Partial<ApprovalView> = {}): ApprovalView =>
  view({
    seal: '',
    status: 'succeeded',
    breakGlass: { reason: 'The shop is down' },
    ending: 'It has run.',
    ...changes,
  });
const review = {
  by: 'dba-1',
  verdict: 'objected',
  comment: 'Could have <!channel> waited.',
  via: 'slack',
  at: '2026-11-21T07:10:00.000Z',
  act: 'act_1',
} as const;
const text = (of: ApprovalView) => JSON.stringify(approvalMessage(of).blocks);

describe('the message about a broken glass', () => {
  it('shows the whole statement to who was skipped, and asks for a review, not for an answer', () => {
    const seen = text(broken());
    for (const piece of ['Ran under break-glass', 'You were not asked', 'DELETE FROM orders', 'It has run.'])
      expect(seen).toContain(piece);
    expect(seen).toContain('countersign_accept');
    expect(seen).toContain('countersign_object');
    expect(seen).not.toMatch(/countersign_(approve|deny)/);
  });

  it('loses its buttons when it is reviewed, and says by whom, with nothing of the comment taken for mrkdwn', () => {
    const seen = text(broken({ breakGlass: { reason: 'x', review } }));
    expect(seen).toContain('*Reviewed*: `dba-1` objected');
    expect(seen).toContain('&lt;!channel&gt;');
    expect(seen).not.toContain('countersign_accept');
  });

  it('has no button when the statement does not fit whole', () => {
    expect(text(broken({ statement: `SELECT '${'x'.repeat(20_000)}'` }))).not.toContain('countersign_accept');
  });

  it.each(['pending_approval', 'running', 'succeeded', 'failed', 'unknown_outcome'] as const)(
    'is one that Slack takes: %s',
    (status) => {
      for (const block of approvalMessage(broken({ status })).blocks)
        expect(blockSchema.safeParse(block).success).toBe(true);
    },
  );
});

describe('a reminder', () => {
  it.each([
    ['halfway', 'Half of the time is over.', 'Wanted: 1 more of dba, until'],
    ['last_call', 'Last call', 'Wanted: 1 more of dba, until'],
    ['escalation', 'a second group is asked as well', 'Wanted: 1 more of dba, until'],
    ['review', 'its review is still owed', 'who reads it and accepts or objects'],
  ] as const)('%s says what is wanted, and quotes nothing of the statement', (occasion, opening, wanted) => {
    const words = reminderText(view(), occasion);
    expect(words).toContain(opening);
    expect(words).toContain(wanted);
    expect(words).not.toContain('DELETE');
  });

  it('cannot be made to mention anybody by the name of an agent or a group', () => {
    const agent = { name: '<!channel> `x`', issuer: 'ci', subject: 's' };
    const asks = [{ group: '<@U1>', quorum: 1, expiresSeconds: 60 }];
    expect(reminderText(view({ agent, asks }), 'halfway')).not.toMatch(/<!channel>|<@U1>/);
  });

  it('names the second group once it is asked', () => {
    const escalation = { group: 'leads', afterSeconds: 60 };
    const asks = [{ group: 'dba', quorum: 1, expiresSeconds: 600, escalation }];
    const votes = [{ person: 'p', verdict: 'deny', seal: SEAL, groups: [], via: 'api', at: '' } as const];
    expect(reminderText(view({ asks, votes, escalated: ['leads'] }), 'halfway')).toContain(
      '1 more of dba or 1 more of leads',
    );
  });
});

describe('in Slack', () => {
  let bench: Bench;
  let ts: string;
  beforeAll(async () => {
    bench = await startBench();
    const posted = await bench.notifier.ask(broken(), CHANNEL);
    ts = posted.ok ? posted.value.ts : '';
  });
  afterAll(() => bench.close());
  const click = (action: string, more: object = {}) =>
    bench.control('click', { channel: CHANNEL, ts, user: DBA, action, ...more });

  it('a reminder is a message of its own beside the question', async () => {
    await bench.notifier.remind(view(), { channel: CHANNEL, ts }, 'halfway');
    expect((await bench.messages()).map((message) => message.text)).toEqual([
      containing('Ran under break-glass'),
      containing('Half of the time'),
    ]);
  });

  it.each([
    ['accept', 'accepted'],
    ['object', 'objected'],
  ])('%s becomes one review with its words and the ids of the person', async (button, verdict) => {
    bench.ballots.reviews.length = 0;
    const { body } = await click(button, { reason: ' Read it. ' });
    const voter = { via: 'slack', team: TEAM, user: DBA };
    expect(bench.ballots.reviews).toEqual([{ session: view().session, verdict, comment: 'Read it.', voter }]);
    expect(JSON.stringify(body)).toContain(`you ${verdict}`);
  });

  it('without words, or by somebody of another company, it is none', async () => {
    bench.ballots.reviews.length = 0;
    await click('accept', { reason: '  ' });
    await click('accept', { user: FOREIGNER, reason: 'x' });
    expect(bench.ballots.reviews).toEqual([]);
  });

  it.each([
    [{ code: 'review_closed', by: 'dba-2', verdict: 'accepted' }, 'dba-2 accepted'],
    [{ code: 'vote_not_allowed', why: 'own_agent' }, 'Somebody else has to review this'],
    [{ code: 'vote_not_allowed', why: 'unknown_voter' }, 'does not know your Slack account'],
    [{ code: 'no_review_owed' }, 'nothing to review'],
    [{ code: 'record_unavailable' }, 'Please try again'],
  ] as const)('that is not taken keeps the form open and says why: %o', async (refusal, words) => {
    bench.ballots.review = () => Promise.resolve(err(refusal));
    expect(JSON.stringify((await click('object', { reason: 'x' })).body)).toContain(words);
  });
});
