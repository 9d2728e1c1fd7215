import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import type { ApprovalView } from '../domain/approval-view.ts';
import type { Notifier, NoticeRef, NotifyFault } from '../gateway/ports/notifier.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import type { Clock } from '../platform/clock.ts';
import { clientOptions } from './client.ts';
import { asNotifyFault, isTokenRefused } from './fault.ts';
import { approvalMessage } from './message.ts';
import { reminderText } from './reminder.ts';
import { createPauses } from './pauses.ts';
import type { SlackSecretSource } from './secret.ts';

export interface SlackNotifierOptions {
  readonly apiUrl: string;
  readonly secret: SlackSecretSource;
  readonly clock: Clock;
  /** For one call. Default 5 s: nobody waits at a button here, and Slack answers a post within about one. */
  readonly timeoutMs?: number;
}

/**
 * Posts and updates approvals over Slack's Web API. One attempt a call; waiting and trying again belong to the workflow
 * and the sweep. A method that Slack has asked to let rest is not called before its time, whatever session wants it.
 *
 * A post whose reply was lost may be posted again, for Slack has no idempotency key that it promises to honour. Both
 * messages then carry the same session and seal, so both lead to the same question, and a vote counts once. The
 * metadata names the session, so that a stray copy can be found.
 */
export function createSlackNotifier(options: SlackNotifierOptions): Notifier {
  const call = caller(options);
  const pauses = createPauses(options.clock);
  const post = (message: ChatPostMessageArguments) =>
    pauses.keeping('chat.postMessage', () => call((client) => client.chat.postMessage(message)));
  return {
    async ask(view, channel) {
      const message = { channel, ...bodyOf(view), unfurl_links: false, unfurl_media: false };
      const posted = await post(message);
      return posted.ok ? noticeOf(posted.value.channel, posted.value.ts) : posted;
    },
    async update(view, ref) {
      const update = () => call((client) => client.chat.update({ ...ref, ...bodyOf(view) }));
      const updated = await pauses.keeping('chat.update', update);
      return updated.ok ? ok(undefined) : updated;
    },
    // In the thread of the question, where its buttons are, and shown in the channel, or nobody would hear it.
    async remind(view, { channel, ts }, occasion) {
      const place = { channel, thread_ts: ts, reply_broadcast: true, unfurl_links: false, unfurl_media: false };
      const words = { text: reminderText(view, occasion), parse: 'none', link_names: false } as const;
      const posted = await post({ ...place, ...words });
      return posted.ok ? ok(undefined) : posted;
    },
  };
}

/** `parse: none` and no `link_names`: Slack expands no name, channel or address in the fallback text. */
function bodyOf(view: ApprovalView) {
  const payload = { session: view.session, seal: view.seal, status: view.status };
  const metadata = { event_type: 'countersign_approval', event_payload: payload };
  return { ...approvalMessage(view), metadata, parse: 'none', link_names: false } as const;
}

function noticeOf(channel: string | undefined, ts: string | undefined): Result<NoticeRef, NotifyFault> {
  if (channel !== undefined && ts !== undefined) return ok({ channel, ts });
  return err({ retryAfterSeconds: 0, message: 'Slack took the message but did not say where it is' });
}

/** Runs one call; when Slack refuses the token, once more with a freshly read one, if it is another. */
function caller(options: SlackNotifierOptions) {
  const clientFor = clients(options);
  return async <T>(work: (client: WebClient) => Promise<T>): Promise<Result<T, NotifyFault>> => {
    let used: string | undefined;
    let fault: NotifyFault = { retryAfterSeconds: 0, message: 'Slack refused the bot token' };
    for (const renew of [false, true]) {
      const secret = await options.secret(renew);
      if (!secret.ok) return err({ retryAfterSeconds: 0, message: secret.error.message });
      if (secret.value.botToken === used) break;
      used = secret.value.botToken;
      try {
        return ok(await work(await clientFor(used)));
      } catch (error) {
        fault = asNotifyFault(error);
        if (!isTokenRefused(error)) break;
      }
    }
    return err(fault);
  };
}

/** One client a token, so that connections stay warm; the library is loaded at the first call. */
function clients(options: SlackNotifierOptions): (token: string) => Promise<WebClient> {
  let held: { readonly token: string; readonly client: WebClient } | undefined;
  return async (token) => {
    if (held?.token === token) return held.client;
    const { WebClient } = await import('./web-api.ts');
    held = { token, client: new WebClient(token, clientOptions(options.apiUrl, options.timeoutMs ?? 5_000)) };
    return held.client;
  };
}
