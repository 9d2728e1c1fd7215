import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { err, ok } from '../../shared/platform/result.ts';
import { APPROVE_ACTION, DENY_ACTION, LEASE_ACTION } from '../../shared/slack/buttons.ts';
import { approvalMessage } from '../../shared/slack/message.ts';
import { CHANNEL, containing, DBA, startBench, TEAM } from './parts.ts';
import type { Bench } from './parts.ts';
import { SEAL, view } from './views.ts';

const buttonsOf = (message: ReturnType<typeof approvalMessage>) =>
  message.blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.map((one) => ('action_id' in one ? one.action_id : '')) : [],
  );

describe('Approve for a while', () => {
  let bench: Bench;
  let ts: string;
  beforeAll(async () => {
    bench = await startBench();
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    const posted = await bench.notifier.ask(view({ leasable: true }), CHANNEL);
    ts = posted.ok ? posted.value.ts : '';
  });
  afterEach(() => {
    bench.ballots.cast.length = 0;
  });
  /** The local Slack types `reason` into every field of the form. */
  const click = (reason: string) =>
    bench.control('click', { channel: CHANNEL, ts, user: DBA, action: LEASE_ACTION, reason });

  it('stands between the two others where policy lets it, and nowhere else', () => {
    expect(buttonsOf(approvalMessage(view({ leasable: true })))).toEqual([APPROVE_ACTION, LEASE_ACTION, DENY_ACTION]);
    expect(buttonsOf(approvalMessage(view()))).toEqual([APPROVE_ACTION, DENY_ACTION]);
    expect(buttonsOf(approvalMessage(view({ leasable: true, statement: 'x'.repeat(9_000) })))).toEqual([DENY_ACTION]);
    expect(buttonsOf(approvalMessage(view({ leasable: true, status: 'denied' })))).toEqual([]);
  });

  it('becomes one ballot with the seal of the message and the terms of the form', async () => {
    const { body } = await click(' 7 ');
    expect(bench.ballots.cast).toEqual([
      {
        session: view().session,
        seal: SEAL,
        verdict: 'approve',
        voter: { via: 'slack', team: TEAM, user: DBA },
        lease: { minutes: 7, runs: 7, rows: 7, bounds: [] },
      },
    ]);
    expect(body).toMatchObject({ form: { kind: 'view' } });
  });

  it.each(['0', '-1', '1.5', '1e3', 'ten', '99999999', '٣'])('with %j in a field counts for nothing', async (text) => {
    const { body } = await click(text);
    expect(body).toMatchObject({ form: { kind: 'errors' } });
    expect(bench.ballots.cast).toEqual([]);
  });

  it('says at the form what the gateway does not allow', async () => {
    bench.ballots.answer = () =>
      Promise.resolve(err({ code: 'lease_not_allowed', detail: 'minutes: at most 60 here.' }));
    const { body } = await click('90');
    expect(body).toMatchObject({
      form: { kind: 'errors', errors: { countersign_minutes: containing('minutes: at most 60 here.') } },
    });
    bench.ballots.answer = () => Promise.resolve(ok({ kind: 'counted', state: 'approved', status: 'running' }));
  });
});
