import type { ApprovalView } from '../domain/approval-view.ts';
import type { Notifier, NotifyFault } from '../gateway/ports/notifier.ts';
import type { Surroundings } from '../gateway/runtime.ts';
import { err, type Result } from '../platform/result.ts';
import { createSlackNotifier } from '../slack/notifier.ts';
import { slackSecretFrom } from '../slack/secret.ts';
import { secretsManagerClient } from './clients.ts';
import { createSecretReader } from './secrets.ts';

/** Slack as the configuration in force names it. Without Slack nobody is told, and approvals are answered over the API. */
export function notifierOf(world: Surroundings): Notifier {
  const secrets = createSecretReader(secretsManagerClient(), world.clock);
  const made = new Map<string, Notifier>();
  async function current(): Promise<Result<Notifier, NotifyFault>> {
    const runtime = await world.runtime.current();
    const slack = runtime.ok ? runtime.value.bundle.gateway.slack : undefined;
    if (slack === undefined) return err({ retryAfterSeconds: 0, message: 'Slack is not configured' });
    const key = JSON.stringify([slack.apiUrl, slack.secretArn]);
    const secret = slackSecretFrom(secrets, slack.secretArn);
    const notifier = made.get(key) ?? createSlackNotifier({ apiUrl: slack.apiUrl, secret, clock: world.clock });
    made.set(key, notifier);
    return { ok: true, value: notifier };
  }
  return {
    ask: async (view: ApprovalView, channel) => {
      const slack = await current();
      return slack.ok ? slack.value.ask(view, channel) : slack;
    },
    update: async (view, ref) => {
      const slack = await current();
      return slack.ok ? slack.value.update(view, ref) : slack;
    },
    remind: async (view, ref, occasion) => {
      const slack = await current();
      return slack.ok ? slack.value.remind(view, ref, occasion) : slack;
    },
  };
}
