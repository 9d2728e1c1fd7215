import { WebClient } from '@slack/web-api';
import { secretsManagerClient } from '../../../shared/aws/clients.ts';
import { createSecretReader } from '../../../shared/aws/secrets.ts';
import type { GatewayConfig } from '../../../shared/contracts/config/gateway.ts';
import { clientOptions } from '../../../shared/slack/client.ts';
import { SLACK_SCOPES } from '../../../shared/slack/scopes.ts';
import { slackSecretFrom } from '../../../shared/slack/secret.ts';
import { about, nameOf, type Finding } from './finding.ts';

/** The bot's token works, in the workspace that is configured, with the scopes that the gateway uses and no more. */
export async function checkSlack(slack: NonNullable<GatewayConfig['slack']>, now: () => Date): Promise<Finding> {
  const say = about('slack');
  const secret = await slackSecretFrom(createSecretReader(secretsManagerClient(), now), slack.secretArn)();
  if (!secret.ok)
    return say.unknown({
      says: secret.error.message,
      remedy: 'only the functions need to read it; run this with a role that may, or see that clicks are answered',
    });
  try {
    const told = await new WebClient(secret.value.botToken, clientOptions(slack.apiUrl, 5_000)).auth.test();
    if (told.team_id !== slack.team && told.enterprise_id !== slack.team)
      return say.wrong({
        says: `the token is of the workspace ${told.team_id ?? ''}, not ${slack.team}`,
        remedy: 'install the app in the configured workspace',
      });
    return scopes(told.response_metadata?.scopes ?? []);
  } catch (error) {
    return say.wrong({
      says: `the token is not accepted: ${nameOf(error)}`,
      remedy: 'install the app again and put its bot token into the secret',
    });
  }
}

function scopes(given: readonly string[]): Finding {
  const say = about('slack');
  const missing = SLACK_SCOPES.filter((scope) => !given.includes(scope));
  const remedy = 'install the app from docs/slack-app.yaml again';
  if (missing.length > 0) return say.wrong({ says: `the app lacks ${missing.join(', ')}`, remedy });
  const more = given.filter((scope) => !SLACK_SCOPES.includes(scope));
  if (more.length > 0) return say.wrong({ says: `the app may do more than it needs: ${more.join(', ')}`, remedy });
  return say.ok(`the token works, with ${given.join(', ')}`);
}
