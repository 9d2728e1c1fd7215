import type { types as slack } from '@slack/bolt';
import type { ApprovalView } from '../domain/approval-view.ts';
import type { BallotRef } from '../contracts/slack.ts';
import { ballotRefSchema } from '../contracts/slack.ts';
import { LIMITS, mrkdwn, plain } from './blocks.ts';
import { code } from './text.ts';

export const APPROVE_ACTION = 'countersign_approve';
export const DENY_ACTION = 'countersign_deny';
export const LEASE_ACTION = 'countersign_lease';

export function answerButtons(view: ApprovalView): slack.ActionsBlock {
  return { type: 'actions', block_id: 'countersign_answer', elements: [approve(view), ...forAWhile(view), deny(view)] };
}

export function denyButton(view: ApprovalView): slack.ActionsBlock {
  return { type: 'actions', block_id: 'countersign_answer', elements: [deny(view)] };
}

function approve(view: ApprovalView): slack.Button {
  return {
    type: 'button',
    action_id: APPROVE_ACTION,
    style: 'primary',
    text: plain('Approve'),
    value: valueOf(view),
    confirm: {
      title: plain('Approve this statement?'),
      text: mrkdwn(
        `It runs once on ${code(view.connection)} (${code(view.environment)}), exactly as shown. Your name goes on the record.\nSeal ${code(view.seal.slice(0, 16))}…`.slice(
          0,
          LIMITS.confirmText,
        ),
      ),
      confirm: plain('Approve'),
      deny: plain('Back'),
    },
  };
}

/** Where policy lets an approver answer for the like of this statement as well. */
function forAWhile(view: ApprovalView): slack.Button[] {
  if (view.leasable !== true) return [];
  return [{ type: 'button', action_id: LEASE_ACTION, text: plain('Approve for a while…'), value: valueOf(view) }];
}

function deny(view: ApprovalView): slack.Button {
  return { type: 'button', action_id: DENY_ACTION, style: 'danger', text: plain('Deny'), value: valueOf(view) };
}

/** Which question the button answers. Neither a task token nor anything else that would open a door. */
function valueOf(view: ApprovalView): string {
  const value = writeBallotRef(view);
  if (value.length > LIMITS.buttonValue)
    throw new RangeError('a button value holds 2,000 characters: the session id is too long');
  return value;
}

export const writeBallotRef = (ref: BallotRef): string => JSON.stringify({ session: ref.session, seal: ref.seal });

/** `undefined` for anything that we have not written ourselves. */
export function readBallotRef(text: string | undefined): BallotRef | undefined {
  if (text === undefined) return undefined;
  try {
    return ballotRefSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
