import type { ConfigurationFault, Surroundings } from '../gateway/runtime.ts';
import { ok, type Result } from '../platform/result.ts';
import {
  createSlackInteractions,
  type SlackInteractions,
  type SlackInteractionsOptions,
} from '../slack/interactions.ts';
import { slackSecretFrom } from '../slack/secret.ts';
import { secretsManagerClient } from './clients.ts';
import { createSecretReader } from './secrets.ts';

/**
 * Slack's callbacks under the configuration in force; `undefined` where it has no Slack. Made anew when the workspace,
 * the secret or the address changes, so that a team taken out of the configuration can no longer answer.
 */
export function interactionsOf(
  world: Surroundings,
  stories: Pick<SlackInteractionsOptions, 'castBallot' | 'castReview' | 'pressed'>,
): () => Promise<Result<SlackInteractions | undefined, ConfigurationFault>> {
  const secrets = createSecretReader(secretsManagerClient(), world.clock);
  let held: { readonly key: string; readonly interactions: SlackInteractions } | undefined;
  return async () => {
    const runtime = await world.runtime.current();
    if (!runtime.ok) return runtime;
    const { slack } = runtime.value.bundle.gateway;
    if (slack === undefined) return ok(undefined);
    const { team, apiUrl, secretArn } = slack;
    const key = JSON.stringify([team, apiUrl, secretArn]);
    if (held?.key !== key) {
      const { clock, log } = world;
      const secret = slackSecretFrom(secrets, secretArn);
      held = {
        key,
        interactions: createSlackInteractions({ secret, team, apiUrl, clock, log, ...stories }),
      };
    }
    return ok(held.interactions);
  };
}
