import type { types as slack } from '@slack/bolt';
import type { Ballot, BallotReceipt, BallotRefusal } from '../gateway/ports/ballot.ts';
import type { Result } from '../platform/result.ts';
import type { BallotRef } from '../contracts/slack.ts';
import { readBallotRef } from './buttons.ts';
import { REASON_BLOCK, reasonOf, receiptView } from './deny-form.ts';
import { LEASE_BLOCK, termsOf } from './lease-form.ts';
import { voterOf } from './origin.ts';
import type { Origin } from './origin.ts';
import { wordReceipt, wordRefusal } from './wording.ts';

/** The story that counts votes. Idempotent: the same vote twice is one vote. Resolves once the vote is durable. */
export type CastBallot = (ballot: Ballot) => Promise<Result<BallotReceipt, BallotRefusal>>;

/** A button that was pressed. `respond` speaks to the person alone. */
interface Press {
  readonly origin: Origin;
  readonly value: string | undefined;
  readonly ack: () => Promise<void>;
  readonly respond: (message: {
    response_type: 'ephemeral';
    replace_original: false;
    text: string;
  }) => Promise<unknown>;
}

interface Submission {
  readonly origin: Origin;
  readonly metadata: string;
  readonly values: Parameters<typeof reasonOf>[0];
  readonly ack: (
    answer:
      | { readonly response_action: 'errors'; readonly errors: Record<string, string> }
      | { readonly response_action: 'update'; readonly view: slack.ModalView },
  ) => Promise<void>;
}

const NOT_OURS = 'This button carries no question of this gateway. Your vote was not counted.';
const NO_FORM = 'Slack could not open the form, so nothing was recorded. Please press Deny again.';

/** Approve: the vote is durable before Slack hears that all is well. A failure to write throws, and Slack shows it. */
export async function answerApprove(press: Press, castBallot: CastBallot): Promise<void> {
  const ref = readBallotRef(press.value);
  const outcome = ref && (await castBallot({ ...ref, verdict: 'approve', voter: voterOf(press.origin) }));
  await press.ack();
  await tell(press, outcome === undefined ? NOT_OURS : word(outcome));
}

/** Deny and Approve for a while, first half: a form. Nothing is decided yet, so nothing is written. */
export async function openForm(
  press: Press,
  formOf: (ref: BallotRef) => slack.ModalView,
  open: (view: slack.ModalView) => Promise<unknown>,
): Promise<void> {
  const ref = readBallotRef(press.value);
  const fault = ref === undefined ? NOT_OURS : await tryOpen(() => open(formOf(ref)));
  await press.ack();
  if (fault !== undefined) await tell(press, fault);
}

/** Deny, second half. The form says what became of it: an error keeps it open with its text, else it turns into a receipt. */
export async function answerDenial(submission: Submission, castBallot: CastBallot): Promise<void> {
  const ref = readBallotRef(submission.metadata);
  const comment = reasonOf(submission.values);
  if (ref === undefined) return refuseForm(submission, NOT_OURS);
  if (comment === '') return refuseForm(submission, wordRefusal({ code: 'comment_required' }));
  const outcome = await castBallot({ ...ref, verdict: 'deny', comment, voter: voterOf(submission.origin) });
  if (!outcome.ok) return refuseForm(submission, wordRefusal(outcome.error));
  await submission.ack({ response_action: 'update', view: receiptView(wordReceipt(outcome.value)) });
}

/** Approve for a while, second half: one vote, with what it grants beside this statement. */
export async function answerLease(submission: Submission, castBallot: CastBallot): Promise<void> {
  const ref = readBallotRef(submission.metadata);
  const terms = termsOf(submission.values);
  if (ref === undefined) return refuseForm(submission, NOT_OURS, LEASE_BLOCK);
  if (!terms.ok) return submission.ack({ response_action: 'errors', errors: terms.error });
  const voter = voterOf(submission.origin);
  const outcome = await castBallot({ ...ref, verdict: 'approve', voter, lease: terms.value });
  if (!outcome.ok) return refuseForm(submission, wordRefusal(outcome.error), LEASE_BLOCK);
  await submission.ack({ response_action: 'update', view: receiptView(wordReceipt(outcome.value)) });
}

const word = (outcome: Result<BallotReceipt, BallotRefusal>): string =>
  outcome.ok ? wordReceipt(outcome.value) : wordRefusal(outcome.error);

const refuseForm = (submission: Submission, text: string, block: string = REASON_BLOCK): Promise<void> =>
  submission.ack({ response_action: 'errors', errors: { [block]: text } });

async function tryOpen(open: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await open();
    return undefined;
  } catch {
    return NO_FORM;
  }
}

/** A courtesy: the vote stands whether or not this reaches the person, and the message itself is brought up to date. */
async function tell(press: Press, text: string): Promise<void> {
  try {
    await press.respond({ response_type: 'ephemeral', replace_original: false, text });
  } catch {
    return;
  }
}
