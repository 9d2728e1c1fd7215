import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../shared/platform/clock.ts';
import { createControls } from './control.ts';
import { createFaults } from './faults.ts';
import type { InteractContext } from './interact.ts';
import { createPassing } from './passing.ts';
import { route } from './routes.ts';
import { sendInteraction } from './send.ts';
import { WEB_API_PREFIX } from './serve-web-api.ts';
import type { SlackSettings } from './settings.ts';
import { openSecret, openWorkspace } from './workspace.ts';

export interface LocalSlackOptions {
  /** State lies in `<stateDir>/slack/`. */
  readonly stateDir: string;
  readonly settings: SlackSettings;
  /** Where this handler is mounted, such as `http://127.0.0.1:8787`; asked late, when the port is known. */
  readonly baseUrl: () => string;
  /** Default: `/slack/interactions` of `baseUrl`. */
  readonly interactionsUrl?: () => string;
  readonly clock?: Clock;
  /** How long the app has to answer, and to use a trigger. Default 3 s, as Slack. */
  readonly ackTimeoutMs?: number;
}

export interface LocalSlack {
  /** What belongs into the secret that configuration names under `slack.secretArn`, as JSON. */
  readonly secret: { readonly botToken: string; readonly signingSecret: string };
  /** What configuration's `slack.apiUrl` is. */
  readonly apiUrl: () => string;
  /** True when the request was its own: `/slack`, `/slack/…` except `/slack/interactions`, and `/slack-api/…`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Ends the pages' event streams, so that a server can close. */
  close(): Promise<void>;
}

/**
 * A Slack for one machine. It keeps messages, takes the Web API calls that the gateway makes and sends the interactions
 * that Slack would send, signed. It has no accounts: whoever opens the page chooses who to be, so it listens to this
 * machine alone. Not played: threads, files, events, search, other apps, and buttons inside forms.
 */
export function createLocalSlack(options: LocalSlackOptions): Promise<LocalSlack> {
  const { stateDir, settings, baseUrl } = options;
  const clock = options.clock ?? (() => new Date());
  const ackTimeoutMs = options.ackTimeoutMs ?? 3_000;
  const secret = openSecret(stateDir);
  const workspace = openWorkspace(stateDir, clock);
  const passing = createPassing(clock, ackTimeoutMs);
  const faults = createFaults();
  const interactionsUrl = options.interactionsUrl ?? (() => `${baseUrl()}/slack/interactions`);
  const sending = { signingSecret: secret.signingSecret, clock, ackTimeoutMs };
  const context: InteractContext = {
    settings,
    workspace,
    passing,
    send: (payload) => sendInteraction({ ...sending, interactionsUrl: interactionsUrl() }, payload),
    responseUrl: (token) => `${baseUrl()}${WEB_API_PREFIX}response/${token}`,
  };
  const streams = new Set<ServerResponse>();
  workspace.onChange(() => {
    for (const stream of streams) stream.write('data: changed\n\n');
  });
  const parts = { ...context, botToken: secret.botToken, faults, streams, controls: createControls(context, faults) };
  return Promise.resolve({
    secret,
    apiUrl: () => `${baseUrl()}${WEB_API_PREFIX}`,
    handle: (request, response) => route(parts, request, response),
    close: () => {
      for (const stream of streams) stream.end();
      return Promise.resolve();
    },
  });
}
