import type { types as slack } from '@slack/bolt';
import type { ApprovalView } from '../domain/approval-view.ts';
import { reviewRefSchema, type ReviewRef } from '../contracts/slack.ts';
import { plain } from './blocks.ts';

export const ACCEPT_ACTION = 'countersign_accept';
export const OBJECT_ACTION = 'countersign_object';
export const REVIEW_FORM = 'countersign_review_form';
export const REVIEW_BLOCK = 'countersign_review';
const COMMENT_ACTION = 'text';
/** Read by whoever audits the record; what does not fit belongs into a ticket that it names. */
const COMMENT_MAX = 1_000;

/** Under what ran without anybody being asked: two ways to close the review that it owes. */
export function reviewButtons({ session }: ApprovalView): slack.ActionsBlock {
  const button = (action_id: string, verdict: ReviewRef['verdict'], text: string): slack.Button => ({
    type: 'button',
    action_id,
    text: plain(text),
    value: JSON.stringify({ session, verdict } satisfies ReviewRef),
  });
  return {
    type: 'actions',
    block_id: 'countersign_review_answer',
    elements: [
      { ...button(ACCEPT_ACTION, 'accepted', 'Accept'), style: 'primary' },
      { ...button(OBJECT_ACTION, 'objected', 'Object'), style: 'danger' },
    ],
  };
}

/** The form behind both buttons: a review without a word of its own would be a click. */
export function reviewForm(ref: ReviewRef): slack.ModalView {
  const accepts = ref.verdict === 'accepted';
  return {
    type: 'modal',
    callback_id: REVIEW_FORM,
    private_metadata: JSON.stringify(ref),
    title: plain(accepts ? 'Accept what ran' : 'Object to what ran'),
    submit: plain(accepts ? 'Accept' : 'Object'),
    close: plain('Back'),
    blocks: [
      {
        type: 'input',
        block_id: REVIEW_BLOCK,
        label: plain(
          'What did you look at, and what do you think of it? This closes the review and goes on the record.',
        ),
        element: {
          type: 'plain_text_input',
          action_id: COMMENT_ACTION,
          multiline: true,
          min_length: 1,
          max_length: COMMENT_MAX,
          focus_on_load: true,
        },
      },
    ],
  };
}

export function commentOf(
  values: Readonly<Record<string, Readonly<Record<string, { value?: string | null | undefined }>>>>,
): string {
  return (values[REVIEW_BLOCK]?.[COMMENT_ACTION]?.value ?? '').trim();
}

/** `undefined` for anything that we have not written ourselves. */
export function readReviewRef(text: string | undefined): ReviewRef | undefined {
  if (text === undefined) return undefined;
  try {
    return reviewRefSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
