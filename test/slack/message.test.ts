import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vote } from '../../shared/domain/approval.ts';
import { SESSION_STATUSES } from '../../shared/domain/session-status.ts';
import { blockSchema } from '../../infra/local/slack/blocks.ts';
import { LIMITS } from '../../shared/slack/blocks.ts';
import { readBallotRef } from '../../shared/slack/buttons.ts';
import { approvalMessage } from '../../shared/slack/message.ts';
import type { Message } from '../../shared/slack/message.ts';
import { show } from '../../shared/slack/text.ts';
import { SEAL, view } from './views.ts';

const vote = (changes: Partial<Vote> = {}): Vote => ({
  person: 'dba-1',
  verdict: 'approve',
  seal: SEAL,
  groups: ['dba'],
  via: 'slack',
  at: '2026-11-21T06:40:00.000Z',
  ...changes,
});

const seen = (message: Message) =>
  JSON.stringify(message.blocks).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const buttons = (message: Message) =>
  message.blocks
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .map((element) => element.action_id);
const APPROVE = 'countersign_approve';
const DENY = 'countersign_deny';

describe('a question that fits', () => {
  const message = approvalMessage(
    view({
      act: [{ issuer: 'https://idp.example', subject: 'u-77' }],
      prompt: 'Forget customer 4711',
      votes: [vote({ seal: 'f'.repeat(64) })],
    }),
  );

  it.each([
    'orders-ci',
    'repo:acme/orders:environment:production',
    'u-77',
    'lead',
    'orders',
    'production',
    'agent.yml run 7003124412',
    'GDPR-311',
    'Remove the customer who asked',
    'Forget customer 4711',
    'own words',
    'DELETE FROM orders',
    '$1 = 4711',
    'sql:delete',
    'public.orders',
    'unbounded: `true`',
    'writes-need-a-dba',
    'Writes to orders need a DBA',
    '`dba`: 0 of 1',
    SEAL,
    'ses_01JD5Z7W3NQ8V4H2K6M9T1R0XB',
    '2026-11-21 07:00 UTC',
  ])('shows %s', (text) => {
    expect(seen(message)).toContain(text);
  });

  it('has both buttons, each naming session and seal, and asks again before approving', () => {
    const elements = message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
    expect(buttons(message)).toEqual([APPROVE, DENY]);
    for (const element of elements) {
      expect(readBallotRef('value' in element ? element.value : '')).toEqual({ session: view().session, seal: SEAL });
    }
    expect(elements[0]).toHaveProperty('confirm');
  });

  it('lets Slack fold away nothing', () => {
    for (const block of message.blocks)
      if (block.type === 'section' && block.text !== undefined) expect(block.expand).toBe(true);
  });
});

describe('votes', () => {
  it('counts distinct people for this seal, and names who answered how', () => {
    const asks = [{ group: 'dba', quorum: 2, expiresSeconds: 60 }];
    const votes = [
      vote(),
      vote(),
      vote({ person: 'dba-2', via: 'api' }),
      vote({ person: 'dba-3', seal: 'b'.repeat(64) }),
    ];
    const text = seen(approvalMessage(view({ asks, votes })));
    expect(text).toContain('`dba`: 2 of 2');
    expect(text).toContain('`dba-2` approved over the API');
    expect(text).not.toContain('dba-3');
  });

  it('shows the reason of a denial as the text it is', () => {
    const text = seen(
      approvalMessage(view({ status: 'denied', votes: [vote({ verdict: 'deny', comment: '```<!here> no' })] })),
    );
    expect(text).toContain('`dba-1` denied over Slack');
    expect(text).toContain('⟦U+0060⟧⟦U+0060⟧⟦U+0060⟧<!here> no');
  });
});

describe('a question that does not fit whole', () => {
  const statementOf = (length: number) => `SELECT '${'x'.repeat(length - 9)}'`;
  // Section text: heading, fence and line breaks take their part of the 3,000.
  const room = LIMITS.sectionText - '*Statement* · 2952 characters\n```\n\n```'.length;

  it('has an Approve button up to the last character that fits', () => {
    const message = approvalMessage(view({ statement: statementOf(room) }));
    expect(buttons(message)).toContain(APPROVE);
    expect(seen(message)).toContain(statementOf(room));
  });

  it.each([
    ['one character more', view({ statement: statementOf(room + 1) })],
    ['fewer characters that grow by escaping', view({ statement: '<'.repeat(800) })],
    ['fewer characters that grow by being shown', view({ statement: '\u200b'.repeat(400) })],
    ['long parameters', view({ parameters: ['x'.repeat(3_000)] })],
    ['a long body', view({ body: { text: 'x'.repeat(3_000) } })],
    [
      'many effects',
      view({ effects: Array.from({ length: 90 }, () => view().effects[0]).flatMap((effect) => effect ?? []) }),
    ],
    ['long policies', view({ policies: [{ id: 'p', message: 'm'.repeat(3_000) }] })],
    [
      'everything nearly full, beyond the whole message',
      view({
        statement: statementOf(2_900),
        parameters: ['x'.repeat(2_900)],
        body: 'y'.repeat(2_900),
        policies: [{ id: 'p', message: 'm'.repeat(2_500) }],
      }),
    ],
  ])('has none for %s, but a link and the reason', (_, long) => {
    const message = approvalMessage(long);
    expect(buttons(message)).toEqual([DENY]);
    expect(seen(message)).toContain('cannot be approved from Slack');
    expect(seen(message)).toContain(long.link);
  });

  it('still says where to look when even the names are too long', () => {
    const message = approvalMessage(view({ agent: { name: 'a', issuer: 'ci', subject: '&'.repeat(3_000) } }));
    expect(buttons(message)).toEqual([DENY]);
    expect(seen(message)).toContain('too long for Slack');
  });
});

describe('after the end', () => {
  it.each(SESSION_STATUSES.filter((status) => status !== 'pending_approval'))(
    'a session that is %s has no button',
    (status) => {
      expect(buttons(approvalMessage(view({ status })))).toEqual([]);
      expect(buttons(approvalMessage(view({ status, statement: 'x'.repeat(9_000) })))).toEqual([]);
    },
  );

  it('has none either when an ending came before the status', () => {
    const message = approvalMessage(view({ ending: 'Withdrawn by <!channel>' }));
    expect(buttons(message)).toEqual([]);
    expect(JSON.stringify(message.blocks)).toContain('Withdrawn by &lt;!channel&gt;');
  });
});

describe('whatever an agent writes', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({
      unit: fc.constantFrom(
        '`',
        '<',
        '>',
        '&',
        '\u202e',
        '\n',
        '|',
        '*',
        '<!channel>',
        '<https://evil.example|here>',
        '⟦',
      ),
      maxLength: 900,
    }),
  );
  const hostileView = fc
    .record({
      statement: text,
      reason: text,
      prompt: text,
      ticket: text,
      pipeline: text,
      subject: text,
      column: text,
      ending: fc.option(text, { nil: undefined }),
      status: fc.constantFrom(...SESSION_STATUSES),
    })
    .map(({ subject, column, ending, ...words }) =>
      view({
        ...words,
        agent: { name: 'orders-ci', issuer: 'ci', subject },
        effects: [
          {
            action: 'sql:read',
            group: 'read',
            resource: { kind: 'relation', name: column, columns: [column] },
            attributes: { why: column },
          },
        ],
        ...(ending === undefined ? {} : { ending }),
      }),
    );

  it('makes a message that Slack takes, with no markup but ours', () => {
    fc.assert(
      fc.property(hostileView, (hostile) => {
        const message = approvalMessage(hostile);
        for (const block of message.blocks) expect(blockSchema.safeParse(block).error).toBeUndefined();
        expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(LIMITS.message);
        const texts = JSON.stringify(message.blocks) + message.text;
        expect(
          texts.replace(
            /<!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>]*>|<http:\/\/127\.0\.0\.1:8787\/[^<>|]*\|[^<>]*>/g,
            '',
          ),
        ).not.toMatch(/[<>]/);
      }),
      { numRuns: 300 },
    );
  });

  it('offers Approve only under the whole statement', () => {
    fc.assert(
      fc.property(hostileView, (hostile) => {
        const message = approvalMessage(hostile);
        if (!buttons(message).includes(APPROVE)) return;
        const shown = hostile.statement === '' ? '⟦empty⟧' : show(hostile.statement);
        expect(seen(message)).toContain(JSON.stringify(shown).slice(1, -1));
        expect(hostile.status).toBe('pending_approval');
      }),
      { numRuns: 300 },
    );
  });
});
