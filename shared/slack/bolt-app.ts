import type { App, ReceiverEvent, ViewSubmitAction } from '@slack/bolt';
import type { SlackSecret } from '../contracts/slack.ts';
import type { CastBallot } from './answers.ts';
import { answerApprove, answerDenial, answerLease, openForm } from './answers.ts';
import { APPROVE_ACTION, DENY_ACTION, LEASE_ACTION } from './buttons.ts';
import { CALL_TIMEOUT_MS, clientOptions, silent } from './client.ts';
import { DENY_FORM, denyForm } from './deny-form.ts';
import { LEASE_FORM, leaseForm } from './lease-form.ts';
import { listenForReviews, type CastReview } from './review-answers.ts';

/** What Bolt's listeners acknowledged with: nothing, or the JSON that a form is answered with. */
export type Acknowledgement =
  { readonly acknowledged: true; readonly body: unknown } | { readonly acknowledged: false };

/** Takes a payload that is verified and from our workspace through Bolt. Throws what a listener throws. */
export type Dispatch = (payload: Record<string, unknown>) => Promise<Acknowledgement>;

/**
 * Bolt without any of its receivers: they parse before they verify, accept timestamps of the future and read base64
 * bodies as ASCII. Ours has done all that already, and hands over the parsed payload.
 */
export async function createDispatch(
  secret: SlackSecret,
  apiUrl: string,
  castBallot: CastBallot,
  castReview?: CastReview,
): Promise<Dispatch> {
  // Loaded at the first interaction and not at start: the functions that only post messages never pay for it.
  const { App } = await import('./bolt.ts');
  const app = new App({
    receiver: { init: () => undefined, start: () => Promise.resolve(), stop: () => Promise.resolve() },
    // Never fails: where authorization fails Bolt acknowledges all the same, and the click would vanish unanswered.
    authorize: () => Promise.resolve({ botToken: secret.botToken }),
    clientOptions: clientOptions(apiUrl, CALL_TIMEOUT_MS),
    logger: silent,
    convoStore: false,
    ignoreSelf: false,
  });
  app.error((error) => Promise.reject(error));
  listen(app, castBallot);
  if (castReview !== undefined) listenForReviews(app, castReview);
  return (payload) => dispatch(app, payload);
}

function listen(app: App, castBallot: CastBallot): void {
  app.action({ type: 'block_actions', action_id: APPROVE_ACTION }, async ({ body, action, ack, respond }) => {
    await answerApprove({ origin: body, value: valueOf(action), ack, respond }, castBallot);
  });
  app.action({ type: 'block_actions', action_id: DENY_ACTION }, async ({ body, action, ack, respond, client }) => {
    const open = (view: Parameters<typeof client.views.open>[0]['view']) =>
      client.views.open({ trigger_id: body.trigger_id, view });
    await openForm({ origin: body, value: valueOf(action), ack, respond }, denyForm, open);
  });
  app.action({ type: 'block_actions', action_id: LEASE_ACTION }, async ({ body, action, ack, respond, client }) => {
    const open = (view: Parameters<typeof client.views.open>[0]['view']) =>
      client.views.open({ trigger_id: body.trigger_id, view });
    await openForm({ origin: body, value: valueOf(action), ack, respond }, leaseForm, open);
  });
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: LEASE_FORM }, async ({ body, view, ack }) => {
    await answerLease({ origin: body, metadata: view.private_metadata, values: view.state.values, ack }, castBallot);
  });
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: DENY_FORM }, async ({ body, view, ack }) => {
    await answerDenial({ origin: body, metadata: view.private_metadata, values: view.state.values, ack }, castBallot);
  });
}

async function dispatch(app: App, payload: Record<string, unknown>): Promise<Acknowledgement> {
  let acknowledgement: Acknowledgement = { acknowledged: false };
  const ack: ReceiverEvent['ack'] = (body?: unknown) => {
    acknowledgement = { acknowledged: true, body };
    return Promise.resolve();
  };
  await app.processEvent({ body: payload, ack });
  return acknowledgement;
}

const valueOf = (action: object): string | undefined =>
  'value' in action && typeof action.value === 'string' ? action.value : undefined;
