import type { Interaction, SlackSecret } from '../contracts/slack.ts';
import type { NoticeRef } from '../gateway/ports/notifier.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CastBallot } from './answers.ts';
import { createDispatch } from './bolt-app.ts';
import type { Dispatch } from './bolt-app.ts';
import { readBallotRef } from './buttons.ts';
import { isFromTeam } from './origin.ts';
import { readPayload } from './payload.ts';
import type { SlackSecretSource } from './secret.ts';
import type { CastReview } from './review-answers.ts';
import { readReviewRef } from './review-form.ts';
import { verifySignature } from './signature.ts';
import type { Headers, SignatureFault } from './signature.ts';

export interface SlackInteractionsOptions {
  readonly secret: SlackSecretSource;
  /** The workspace that may answer. Without one nobody may. */
  readonly team: string | undefined;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly castBallot: CastBallot;
  /** Absent: reviews are given over the API only. */
  readonly castReview?: CastReview;
  /** Hears of every button of ours that is pressed, and on which message; it must not hold up the answer. */
  readonly pressed?: (session: string, on: NoticeRef) => void;
  /** Hears what went wrong, by name. Never a payload, a header or a secret. */
  readonly log: Log;
}

export interface SlackRequest {
  /** Names in lower case. */
  readonly headers: Headers;
  /** The body as received, byte for byte. */
  readonly rawBody: Uint8Array;
}

export interface SlackAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SlackInteractions {
  handle(request: SlackRequest): Promise<SlackAnswer>;
}

/**
 * Slack's callbacks. In this order, and each step refuses: signature over the raw bytes, shape, workspace, and only
 * then Bolt and our answers. The vote is durable before the acknowledgement, for which Slack allows 3 s.
 */
export function createSlackInteractions(options: SlackInteractionsOptions): SlackInteractions {
  const dispatchWith = dispatcher(options);
  return {
    async handle(request) {
      const verified = await verify(options, request);
      if (!verified.ok) {
        options.log.warn('Slack request refused', { why: verified.why });
        return plainAnswer(verified.status, 'not accepted');
      }
      const payload = readPayload(request.rawBody);
      if (!payload.ok) return plainAnswer(400, 'not an interaction');
      if (!isFromTeam(payload.value.interaction, options.team)) {
        options.log.warn('Slack request refused', { why: 'foreign_team' });
        return plainAnswer(403, 'not accepted');
      }
      hear(options, payload.value.interaction);
      return answer(await dispatchWith(verified.secret), payload.value.whole, options.log);
    },
  };
}

function hear({ pressed }: SlackInteractionsOptions, interaction: Interaction): void {
  if (interaction.type !== 'block_actions' || interaction.container === undefined) return;
  const { channel_id: channel, message_ts: ts } = interaction.container;
  const [action] = interaction.actions;
  const ref = readBallotRef(action?.value) ?? readReviewRef(action?.value);
  if (ref !== undefined) pressed?.(ref.session, { channel, ts });
}

type Verified =
  | { readonly ok: true; readonly secret: SlackSecret }
  | { readonly ok: false; readonly status: 401 | 413 | 503; readonly why: SignatureFault | 'secret_unavailable' };

/** Tries a fresh secret once when a well-made signature does not match: it may have been rotated. */
async function verify(options: SlackInteractionsOptions, request: SlackRequest): Promise<Verified> {
  let last: SlackSecret | undefined;
  for (const renew of [false, true]) {
    const secret = await options.secret(renew);
    if (!secret.ok) return { ok: false, status: 503, why: 'secret_unavailable' };
    if (secret.value.signingSecret === last?.signingSecret) break;
    last = secret.value;
    const checked = verifySignature(last.signingSecret, request.headers, request.rawBody, options.clock());
    if (checked.ok) return { ok: true, secret: last };
    if (checked.error === 'body_too_large') return { ok: false, status: 413, why: checked.error };
    if (checked.error !== 'signature_mismatch') return { ok: false, status: 401, why: checked.error };
  }
  return { ok: false, status: 401, why: 'signature_mismatch' };
}

/** One Bolt app a bot token, kept warm: a new one is made only after the token was rotated. */
function dispatcher(options: SlackInteractionsOptions): (secret: SlackSecret) => Promise<Dispatch> {
  let held: { readonly token: string; readonly dispatch: Promise<Dispatch> } | undefined;
  return (secret) => {
    if (held?.token !== secret.botToken) {
      held = {
        token: secret.botToken,
        dispatch: createDispatch(secret, options.apiUrl, options.castBallot, options.castReview),
      };
    }
    return held.dispatch;
  };
}

async function answer(dispatch: Dispatch, payload: Record<string, unknown>, log: Log): Promise<SlackAnswer> {
  try {
    const done = await dispatch(payload);
    // Nobody listens for it, a button of an older version say. Slack shows the person that nothing happened.
    if (!done.acknowledged) return plainAnswer(404, 'nothing listens for this');
    if (done.body === undefined || done.body === '') return plainAnswer(200, '');
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(done.body) };
  } catch (error) {
    log.error('Slack interaction failed', { error: error instanceof Error ? error.name : 'unknown error' });
    return plainAnswer(500, 'it could not be done; please try again');
  }
}

const plainAnswer = (status: number, body: string): SlackAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});
