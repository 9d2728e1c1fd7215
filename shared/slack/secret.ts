import type { SlackSecret } from '../contracts/slack.ts';
import { slackSecretSchema } from '../contracts/slack.ts';
import type { SecretFault, SecretReader } from '../gateway/ports/secrets.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';

/** Where Slack's two secrets come from. `renew` after Slack, or a signature, has refused the ones at hand. */
export type SlackSecretSource = (renew?: boolean) => Promise<Result<SlackSecret, SecretFault>>;

/** Reads the JSON secret that configuration names. One that does not parse is an error without a word of its content. */
export function slackSecretFrom(reader: SecretReader, arn: string): SlackSecretSource {
  return async (renew = false) => {
    const text = await reader.read(arn, renew);
    if (!text.ok) return text;
    const parsed = slackSecretSchema.safeParse(jsonOrNothing(text.value));
    if (parsed.success) return ok(parsed.data);
    return err({ message: `the secret ${arn} must be JSON {"botToken": "xoxb-…", "signingSecret": "…"}` });
  };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
