import { expect, it } from 'vitest';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import type { World } from '../world.ts';

type Json = Record<string, unknown>;

export function approvalCases(world: () => World): void {
  const ask = (text: string, key?: string): Promise<Json> =>
    post(
      '/v1/execute',
      'ci-agent',
      { connection: 'orders', statement: text, reason: 'A test' },
      key === undefined ? {} : { 'idempotency-key': key },
    );
  const post = async (path: string, who: string, body: Json, headers: Record<string, string> = {}): Promise<Json> => {
    const authorization = `Bearer ${await world().stack.tokenFor(who)}`;
    const response = await world().raw(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization, 'content-type': 'application/json', ...headers },
    });
    return { ...((await response.json()) as Json), http: response.status };
  };
  const vote = (session: Json, verdict: 'approve' | 'deny', who: string, more: Json = {}): Promise<Json> =>
    post(`/v1/sessions/${String(session['session'])}/${verdict}`, who, { seal: session['seal'], ...more });
  const ends = async (session: Json): Promise<Json> => ({
    ...(await world().agent.session(String(session['session']), 25)),
  });
  const runs = (piece: string): number =>
    world()
      .stack.services.rdsData.kept()
      .filter(({ sql }) => sql.includes(piece) && !sql.startsWith('SELECT')).length;

  it("counts a person's vote over the API and runs the statement once", async () => {
    const session = await ask("UPDATE orders SET status = 'paid' WHERE id = 11");
    expect(session).toMatchObject({ http: 202, status: 'pending_approval', approval: { groups: ['dba'], quorum: 1 } });
    expect(await vote(session, 'approve', 'dba-2')).toMatchObject({ http: 200, kind: 'counted', state: 'approved' });
    expect(await ends(session)).toMatchObject({ status: 'succeeded', result: { rowCount: 1 } });
    expect(await vote(session, 'approve', 'dba-2')).toMatchObject({ http: 200, kind: 'already' });
    expect(await vote(session, 'deny', 'dba-1', { comment: 'too late' })).toMatchObject({
      http: 409,
      code: 'approval_ended',
    });
    expect(runs('WHERE id = 11')).toBe(1);
  });

  it('refuses votes of machines, of strangers to the group, of its owner, for another seal, and a no without a reason', async () => {
    const session = await ask("UPDATE orders SET status = 'paid' WHERE id = 12");
    expect(await vote(session, 'approve', 'ci-agent')).toMatchObject({ http: 403, code: 'not_a_person' });
    expect(await vote(session, 'approve', 'auditor')).toMatchObject({
      http: 403,
      code: 'vote_not_allowed',
      reason: 'not_asked',
    });
    expect(await vote(session, 'approve', 'lead')).toMatchObject({
      http: 403,
      code: 'vote_not_allowed',
      reason: 'own_agent',
    });
    expect(await vote({ ...session, seal: '0'.repeat(64) }, 'approve', 'dba-1')).toMatchObject({
      http: 409,
      code: 'seal_mismatch',
    });
    expect(await vote(session, 'deny', 'dba-1')).toMatchObject({ http: 400, code: 'comment_required' });
    expect(await vote(session, 'deny', 'dba-1', { comment: 'Not today.' })).toMatchObject({
      http: 200,
      state: 'denied',
    });
    expect(await ends(session)).toMatchObject({ status: 'denied', ended: { by: 'dba-1', why: 'dba-1: Not today.' } });
    expect(runs('WHERE id = 12')).toBe(0);
  });

  it('needs two distinct people where policy says two, and expires when one is silent', async () => {
    const two = await ask('UPDATE products SET price_cents = price_cents + 1 WHERE id = 7');
    expect(two).toMatchObject({ approval: { quorum: 2 } });
    expect(await vote(two, 'approve', 'dba-1')).toMatchObject({ kind: 'counted', state: 'open' });
    expect(await vote(two, 'approve', 'dba-1')).toMatchObject({ kind: 'already' });
    expect(runs('WHERE id = 7')).toBe(0);
    expect(await vote(two, 'approve', 'dba-2')).toMatchObject({ kind: 'counted', state: 'approved' });
    expect(await ends(two)).toMatchObject({ status: 'succeeded' });
    const one = await ask('UPDATE products SET price_cents = price_cents + 1 WHERE id = 8');
    await vote(one, 'approve', 'dba-1');
    expect(await ends(one)).toMatchObject({ status: 'expired' });
    expect(await vote(one, 'approve', 'dba-2')).toMatchObject({ http: 409, code: 'approval_ended' });
    expect(runs('WHERE id = 8')).toBe(0);
  });

  it('lets the agent take back its own statement, and nobody else', async () => {
    const session = await ask("UPDATE orders SET status = 'paid' WHERE id = 13");
    const path = `/v1/sessions/${String(session['session'])}/cancel`;
    expect(await post(path, 'other-agent', {})).toMatchObject({ http: 404, code: 'session_not_found' });
    expect(await post(path, 'ci-agent', {})).toMatchObject({ http: 200, status: 'cancelled' });
    expect(await vote(session, 'approve', 'dba-1')).toMatchObject({ http: 409, code: 'approval_ended' });
    expect(runs('WHERE id = 13')).toBe(0);
  });

  it('gives the same session to the same key and body, and 409 to another body', async () => {
    const first = await ask("UPDATE orders SET status = 'paid' WHERE id = 14", 'key-14');
    const again = await ask("UPDATE orders SET status = 'paid' WHERE id = 14", 'key-14');
    expect(again['session']).toBe(first['session']);
    expect(await ask("UPDATE orders SET status = 'paid' WHERE id = 15", 'key-14')).toMatchObject({
      http: 409,
      code: 'idempotency_conflict',
    });
  });

  it('lets a person in Slack who is not asked press in vain', async () => {
    const session = await ask("UPDATE orders SET status = 'paid' WHERE id = 16");
    const intern = createSlackPerson(world().stack.url, 'U0INTERN01');
    expect(await intern.press(String(session['session']), 'approve')).toMatch(
      /not a person|not known|administrator|mapped/i,
    );
    expect(runs('WHERE id = 16')).toBe(0);
  });

  it('runs once when two people and a retry press at the same moment', async () => {
    const session = await ask("UPDATE orders SET status = 'paid' WHERE id = 17");
    const votes = await Promise.all(['dba-1', 'dba-2', 'dba-1', 'dba-2'].map((who) => vote(session, 'approve', who)));
    expect(votes.filter((one) => one['state'] === 'approved')).toHaveLength(1);
    expect(await ends(session)).toMatchObject({ status: 'succeeded' });
    expect(runs('WHERE id = 17')).toBe(1);
  });
}
