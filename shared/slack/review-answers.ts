import type { App, types as slack, ViewSubmitAction } from '@slack/bolt';
import type { ReviewBallot, ReviewReceipt, ReviewRefusal } from '../gateway/ports/review-ballot.ts';
import type { Result } from '../platform/result.ts';
import { voterOf, type Origin } from './origin.ts';
import {
  ACCEPT_ACTION,
  commentOf,
  OBJECT_ACTION,
  readReviewRef,
  REVIEW_BLOCK,
  REVIEW_FORM,
  reviewForm,
} from './review-form.ts';
import { receiptView } from './deny-form.ts';
import { wordReview, wordReviewRefusal } from './wording.ts';

/** The story that closes reviews. Resolves once the review is durable. */
export type CastReview = (ballot: ReviewBallot) => Promise<Result<ReviewReceipt, ReviewRefusal>>;

const NOT_OURS = 'This button carries no review of this gateway. Nothing was recorded.';

export function listenForReviews(app: App, castReview: CastReview): void {
  for (const action_id of [ACCEPT_ACTION, OBJECT_ACTION])
    app.action({ type: 'block_actions', action_id }, async ({ body, action, ack, client }) => {
      const ref = readReviewRef('value' in action && typeof action.value === 'string' ? action.value : undefined);
      // Nothing is decided yet: a form that does not open leaves the button to be pressed again.
      if (ref !== undefined) await client.views.open({ trigger_id: body.trigger_id, view: reviewForm(ref) });
      await ack();
    });
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: REVIEW_FORM }, async ({ body, view, ack }) => {
    await answerReview({ origin: body, metadata: view.private_metadata, values: view.state.values, ack }, castReview);
  });
}

interface Submission {
  readonly origin: Origin;
  readonly metadata: string;
  readonly values: Parameters<typeof commentOf>[0];
  readonly ack: (
    answer:
      | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
      | { readonly response_action: 'update'; readonly view: slack.ModalView },
  ) => Promise<void>;
}

/** The form says what became of it: an error keeps it open with its text, else it turns into a receipt. */
async function answerReview({ origin, metadata, values, ack }: Submission, castReview: CastReview): Promise<void> {
  const refuse = (text: string) => ack({ response_action: 'errors', errors: { [REVIEW_BLOCK]: text } });
  const ref = readReviewRef(metadata);
  const comment = commentOf(values);
  if (ref === undefined) return refuse(NOT_OURS);
  if (comment === '') return refuse(wordReviewRefusal({ code: 'comment_required' }));
  const outcome = await castReview({ ...ref, comment, voter: voterOf(origin) });
  if (!outcome.ok) return refuse(wordReviewRefusal(outcome.error));
  await ack({ response_action: 'update', view: receiptView(wordReview(outcome.value)) });
}
