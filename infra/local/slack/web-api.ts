import * as z from 'zod';
import type { Result } from '../../../shared/platform/result.ts';
import { err, ok } from '../../../shared/platform/result.ts';
import { blockSchema, MAX_BLOCKS, MAX_BLOCKS_JSON, modalSchema } from './blocks.ts';
import type { Passing } from './passing.ts';
import type { SlackSettings } from './settings.ts';
import type { StoredMessage, Workspace } from './workspace.ts';

export interface WebApiContext {
  readonly settings: SlackSettings;
  readonly workspace: Workspace;
  readonly passing: Passing;
}

type Arguments = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;
type Method = (context: WebApiContext, given: Arguments) => Answer;

const failed = (error: string, messages: string[] = []): Answer => ({
  ok: false,
  error,
  ...(messages.length === 0 ? {} : { response_metadata: { messages } }),
});

type Content = Pick<StoredMessage, 'text' | 'blocks' | 'metadata'>;

/** A message's body, as Slack takes it: text or blocks, within its limits. */
function contentOf(given: Arguments): Result<Content, Answer> {
  const text = z.string().max(40_000).default('').safeParse(given['text']);
  if (!text.success) return err(failed('msg_too_long'));
  const blocks = z.array(blockSchema).max(MAX_BLOCKS).default([]).safeParse(given['blocks']);
  if (!blocks.success) return err(failed('invalid_blocks', blocks.error.issues.map(pointTo)));
  if (JSON.stringify(blocks.data).length > MAX_BLOCKS_JSON) return err(failed('msg_blocks_too_long'));
  if (text.data === '' && blocks.data.length === 0) return err(failed('no_text'));
  return ok({ text: text.data, blocks: blocks.data.map(withBlockId), metadata: given['metadata'] ?? null });
}

/** Slack says where in the blocks the fault is, by JSON pointer. */
const pointTo = (issue: z.core.$ZodIssue): string =>
  `${issue.message} [json-pointer:/blocks/${issue.path.map(String).join('/')}]`;

/** Slack gives every block an id; interactions name it. */
const withBlockId = <T extends { block_id?: string | undefined }>(block: T, index: number): T => ({
  ...block,
  block_id: block.block_id ?? `b${index}`,
});

const channelOf = (context: WebApiContext, given: Arguments) =>
  context.settings.channels.find((channel) => channel.id === given['channel']);

const posted = (message: StoredMessage): Answer => ({
  ok: true,
  channel: message.channel,
  ts: message.ts,
  message: { type: 'message', ts: message.ts, text: message.text, blocks: message.blocks },
});

const postMessage: Method = (context, given) => {
  const channel = channelOf(context, given);
  if (channel === undefined) return failed('channel_not_found');
  const content = contentOf(given);
  if (!content.ok) return content.error;
  return posted(context.workspace.post({ channel: channel.id, ...content.value }));
};

const postEphemeral: Method = (context, given) => {
  const channel = channelOf(context, given);
  if (channel === undefined) return failed('channel_not_found');
  const user = context.settings.users.find((candidate) => candidate.id === given['user']);
  if (user === undefined) return failed('user_not_in_channel');
  const content = contentOf(given);
  if (!content.ok) return content.error;
  const message = context.workspace.post({ channel: channel.id, ...content.value, onlyFor: user.id });
  return { ok: true, message_ts: message.ts };
};

const update: Method = (context, given) => {
  const ts = z.string().safeParse(given['ts']).data ?? '';
  const channel = channelOf(context, given);
  if (channel === undefined) return failed('channel_not_found');
  const before = context.workspace.find(channel.id, ts);
  if (before === undefined) return failed('message_not_found');
  if (before.onlyFor !== undefined) return failed('cant_update_message');
  const content = contentOf(given);
  if (!content.ok) return content.error;
  const after = { ...before, ...content.value, edited: new Date().toISOString() };
  context.workspace.replace(after);
  return posted(after);
};

const openView: Method = (context, given) => {
  const view = modalSchema.safeParse(given['view']);
  if (!view.success) return failed('invalid_arguments', [z.prettifyError(view.error)]);
  const modal = { ...view.data, blocks: view.data.blocks.map(withBlockId) };
  const opened = context.passing.open(z.string().safeParse(given['trigger_id']).data ?? '', modal);
  if (typeof opened === 'string') return failed(opened);
  context.workspace.changed();
  return { ok: true, view: { id: opened.id, ...opened.modal } };
};

const channelInfo: Method = (context, given) => {
  const channel = channelOf(context, given);
  if (channel === undefined) return failed('channel_not_found');
  return {
    ok: true,
    channel: { id: channel.id, name: channel.name, is_channel: true, is_archived: false, is_member: true },
  };
};

const authTest: Method = ({ settings }) => ({
  ok: true,
  team: settings.workspace.name,
  team_id: settings.workspace.id,
  user: 'countersign',
  user_id: 'U0COUNTER1',
  bot_id: 'B0COUNTER1',
});

/** The methods that this Slack has. Any other is refused as Slack refuses a method that does not exist. */
const METHODS: ReadonlyMap<string, Method> = new Map([
  ['chat.postMessage', postMessage],
  ['chat.postEphemeral', postEphemeral],
  ['chat.update', update],
  ['views.open', openView],
  ['conversations.info', channelInfo],
  ['auth.test', authTest],
]);

export function callMethod(context: WebApiContext, method: string, given: Arguments): Answer {
  return METHODS.get(method)?.(context, given) ?? failed('unknown_method');
}
