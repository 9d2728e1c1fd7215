import type { types as slack } from '@slack/bolt';
import type { BallotRef } from '../contracts/slack.ts';
import { writeBallotRef } from './buttons.ts';
import { plain } from './blocks.ts';

export const DENY_FORM = 'countersign_deny_form';
export const REASON_BLOCK = 'countersign_reason';
const REASON_ACTION = 'text';
/** An agent reads this as advice. A page of it is a letter, and Slack itself stops at 3,000. */
const REASON_MAX = 1_000;

/** The form after Deny. It carries the seal along, so that the denial is for what the person was looking at. */
export function denyForm(ref: BallotRef): slack.ModalView {
  return {
    type: 'modal',
    callback_id: DENY_FORM,
    private_metadata: writeBallotRef(ref),
    title: plain('Deny this statement'),
    submit: plain('Deny'),
    close: plain('Back'),
    blocks: [
      {
        type: 'input',
        block_id: REASON_BLOCK,
        label: plain('Why not? The agent is told this, so that it can do better.'),
        element: {
          type: 'plain_text_input',
          action_id: REASON_ACTION,
          multiline: true,
          min_length: 1,
          max_length: REASON_MAX,
          focus_on_load: true,
        },
      },
    ],
  };
}

/** The reason out of a submitted form; Slack passes only blanks as `min_length` satisfied, so they are trimmed. */
export function reasonOf(
  values: Readonly<Record<string, Readonly<Record<string, { value?: string | null | undefined }>>>>,
): string {
  return (values[REASON_BLOCK]?.[REASON_ACTION]?.value ?? '').trim();
}

/** What a form turns into once the vote is on record. */
export function receiptView(text: string): slack.ModalView {
  return {
    type: 'modal',
    title: plain('Your answer'),
    close: plain('Close'),
    blocks: [{ type: 'section', text: plain(text) }],
  };
}
