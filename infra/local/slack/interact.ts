import type { Result } from '../../../shared/platform/result.ts';
import { err, ok } from '../../../shared/platform/result.ts';
import type { Button } from './blocks.ts';
import type { Passing } from './passing.ts';
import type { Delivery } from './send.ts';
import type { SlackSettings, SlackUser } from './settings.ts';
import type { StoredMessage, Workspace } from './workspace.ts';

export interface InteractContext {
  readonly settings: SlackSettings;
  readonly workspace: Workspace;
  readonly passing: Passing;
  readonly send: (payload: object) => Promise<Delivery>;
  /** Where `response_url`s live. */
  readonly responseUrl: (token: string) => string;
}

export interface PressRequest {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly wanted: (button: Button) => boolean;
}

/** Presses a button that really stands in the message now: a stale page cannot press one that is gone. */
export async function press(context: InteractContext, request: PressRequest): Promise<Result<Delivery, string>> {
  const user = context.settings.users.find((candidate) => candidate.id === request.user);
  if (user === undefined) return err(`user ${request.user} is not in this workspace`);
  const message = context.workspace.find(request.channel, request.ts);
  if (message === undefined) return err(`there is no message ${request.ts} in ${request.channel}`);
  const found = findButton(message, request.wanted);
  if (found === undefined) return err('the message has no such button (any more)');
  return ok(await context.send(pressPayload(context, user, message, found)));
}

interface FoundButton {
  readonly block: string;
  readonly button: Button;
}

function findButton(message: StoredMessage, wanted: (button: Button) => boolean): FoundButton | undefined {
  for (const block of message.blocks) {
    const buttons = block.type === 'actions' ? block.elements : block.type === 'section' ? [block.accessory] : [];
    const button = buttons.find((candidate) => candidate !== undefined && wanted(candidate));
    if (button !== undefined) return { block: block.block_id ?? '', button };
  }
  return undefined;
}

/** Slack reference: block_actions payload. */
function pressPayload(context: InteractContext, user: SlackUser, message: StoredMessage, found: FoundButton): object {
  const { channel, ts } = message;
  const token = context.passing.responseToken({ channel, ts, user: user.id });
  const { block, button } = found;
  return {
    type: 'block_actions',
    ...sender(context, user),
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: message.onlyFor !== undefined },
    channel: { id: channel, name: context.settings.channels.find((known) => known.id === channel)?.name ?? '' },
    message: {
      type: 'message',
      user: 'U0COUNTER1',
      ts,
      text: message.text,
      blocks: message.blocks,
      metadata: message.metadata,
    },
    state: { values: {} },
    response_url: context.responseUrl(token),
    actions: [{ ...button, block_id: block, action_ts: ts }],
  };
}

/** Who pressed, and in which workspace and app. */
export function sender(context: InteractContext, user: SlackUser): object {
  const { id, domain } = context.settings.workspace;
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team ?? id },
    api_app_id: 'A0COUNTER1',
    team: { id, domain },
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: context.passing.trigger(user.id),
  };
}
