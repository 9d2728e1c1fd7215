import * as z from 'zod';
import type { NotifyFault } from '../gateway/ports/notifier.ts';

/** What the Web API client throws, read by shape: `instanceof` fails where two copies of the library are loaded. */
const thrownSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('slack_webapi_rate_limited_error'), retryAfter: z.number() }),
  z.object({ code: z.literal('slack_webapi_platform_error'), data: z.object({ error: z.string() }) }),
  z.object({ code: z.literal('slack_webapi_http_error'), statusCode: z.number() }),
  z.object({ code: z.literal('slack_webapi_request_error') }),
]);

/** Slack's refusals that an operator can mend, and how. */
const REMEDY: Readonly<Record<string, string>> = {
  channel_not_found: 'check slackChannel of the group, and that the app is in that workspace',
  not_in_channel: 'invite the app to the channel',
  is_archived: 'the channel is archived: name another as slackChannel of the group',
  missing_scope: 'give the app the scope chat:write',
  invalid_auth: 'put a working botToken into the secret',
  account_inactive: 'put a working botToken into the secret',
  token_revoked: 'put a working botToken into the secret',
  token_expired: 'put a working botToken into the secret',
  not_authed: 'put a working botToken into the secret',
};

/** Slack's refusals of an update that no repetition changes: the message is gone, or nobody may change it any more. */
const NEVER = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Longest wait that we pass on: Slack asks for seconds to minutes, and an hour of silence outlasts most approvals. */
const MAX_RETRY_AFTER = 3_600;

export function asNotifyFault(error: unknown): NotifyFault {
  const thrown = thrownSchema.safeParse(error);
  if (!thrown.success) return { retryAfterSeconds: 0, message: 'Slack could not be called' };
  return faultOf(thrown.data);
}

function faultOf(thrown: z.output<typeof thrownSchema>): NotifyFault {
  switch (thrown.code) {
    case 'slack_webapi_rate_limited_error': {
      const seconds = Math.min(Math.max(Math.ceil(thrown.retryAfter), 1), MAX_RETRY_AFTER);
      return { retryAfterSeconds: seconds, message: `Slack asks to wait ${seconds} s` };
    }
    case 'slack_webapi_platform_error': {
      const name = thrown.data.error.replace(/[^a-z0-9_]/gi, '').slice(0, 60);
      const remedy = REMEDY[name];
      const message = `Slack refused: ${name}${remedy === undefined ? '' : ` (${remedy})`}`;
      return { retryAfterSeconds: 0, message, ...(NEVER.has(name) ? { never: true } : {}) };
    }
    case 'slack_webapi_http_error':
      return { retryAfterSeconds: 0, message: `Slack answered HTTP ${thrown.statusCode}` };
    case 'slack_webapi_request_error':
      return { retryAfterSeconds: 0, message: 'Slack could not be reached in time' };
  }
}

const TOKEN_REFUSED = new Set(['invalid_auth', 'account_inactive', 'token_revoked', 'token_expired', 'not_authed']);

/** The one kind of refusal after which another token may help. */
export function isTokenRefused(error: unknown): boolean {
  const thrown = thrownSchema.safeParse(error);
  return (
    thrown.success && thrown.data.code === 'slack_webapi_platform_error' && TOKEN_REFUSED.has(thrown.data.data.error)
  );
}
