import type { ApprovalView } from '../../shared/domain/approval-view.ts';

export const SEAL = 'a3f1'.repeat(16);

/** A question as the demo asks it; tests change what they are about. */
export const view = (changes: Partial<ApprovalView> = {}): ApprovalView => ({
  session: 'ses_01JD5Z7W3NQ8V4H2K6M9T1R0XB',
  status: 'pending_approval',
  seal: SEAL,
  link: 'http://127.0.0.1:8787/v1/sessions/ses_01JD5Z7W3NQ8V4H2K6M9T1R0XB',
  agent: { name: 'orders-ci', issuer: 'ci', subject: 'repo:acme/orders:environment:production' },
  act: [],
  owner: 'lead',
  connection: 'orders',
  environment: 'production',
  reason: 'Remove the customer who asked to be forgotten (GDPR-311).',
  pipeline: 'agent.yml run 7003124412',
  ticket: 'GDPR-311',
  statement: 'DELETE FROM orders\nWHERE id = $1',
  parameters: [4711],
  effects: [
    {
      action: 'sql:delete',
      group: 'write',
      resource: { kind: 'relation', name: 'public.orders' },
      attributes: { unbounded: true, expensive: false },
    },
  ],
  policies: [{ id: 'writes-need-a-dba', message: 'Writes to orders need a DBA. Say why in `reason`.' }],
  asks: [{ group: 'dba', quorum: 1, expiresSeconds: 1_800 }],
  votes: [],
  expiresAt: '2026-11-21T07:00:00.000Z',
  ...changes,
});
