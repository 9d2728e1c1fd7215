import { createHmac } from 'node:crypto';
import type { Clock } from '../../../shared/platform/clock.ts';

/** What the gateway answered an interaction with, or that it did not in time. */
export type Delivery =
  | { readonly delivered: true; readonly status: number; readonly body: string }
  | { readonly delivered: false; readonly error: 'operation_timeout' | 'unreachable' };

/** An answer to a form is a view of at most 100 blocks; more than this is not one. */
const MAX_ANSWER_BYTES = 1_048_576;

export interface SendOptions {
  readonly signingSecret: string;
  readonly interactionsUrl: string;
  readonly clock: Clock;
  /** Slack waits 3 s. */
  readonly ackTimeoutMs: number;
}

/** Sends an interaction exactly as Slack does: one form field, signed over the raw body. Redirects are not followed. */
export async function sendInteraction(options: SendOptions, payload: object): Promise<Delivery> {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(options.clock().getTime() / 1_000));
  const signature = createHmac('sha256', options.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  try {
    const response = await fetch(options.interactionsUrl, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(options.ackTimeoutMs),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Slackbot 1.0 (local)',
        'x-slack-signature': `v0=${signature}`,
        'x-slack-request-timestamp': timestamp,
      },
      body,
    });
    return { delivered: true, status: response.status, body: (await response.text()).slice(0, MAX_ANSWER_BYTES) };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { delivered: false, error: timedOut ? 'operation_timeout' : 'unreachable' };
  }
}
