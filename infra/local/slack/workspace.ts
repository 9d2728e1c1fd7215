import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../../../shared/platform/clock.ts';
import { readWhole, writeWhole } from '../services/durable/file.ts';
import { blockSchema } from './blocks.ts';

const messageSchema = z.strictObject({
  channel: z.string(),
  ts: z.string(),
  text: z.string(),
  blocks: z.array(blockSchema),
  metadata: z.unknown(),
  /** When it was last changed by `chat.update`; absent when never. */
  edited: z.string().optional(),
  /** Set on what one person alone sees. */
  onlyFor: z.string().optional(),
});
export type StoredMessage = z.output<typeof messageSchema>;

const stateSchema = z.strictObject({ lastTs: z.number(), messages: z.array(messageSchema) });

/** Older ones are dropped: this is somewhere to press a button, not an archive. */
const MAX_MESSAGES = 500;

/** The messages of the workspace, kept in one file so that they survive a restart. */
export interface Workspace {
  readonly messages: () => readonly StoredMessage[];
  readonly find: (channel: string, ts: string) => StoredMessage | undefined;
  readonly post: (message: Omit<StoredMessage, 'ts'>) => StoredMessage;
  readonly replace: (message: StoredMessage) => void;
  readonly remove: (channel: string, ts: string) => void;
  /** Called after every change; returns how to stop. */
  readonly onChange: (listener: () => void) => () => void;
  readonly changed: () => void;
}

export function openWorkspace(stateDir: string, clock: Clock): Workspace {
  const path = join(stateDir, 'slack', 'messages.json');
  const state = readWhole(path, stateSchema, { lastTs: 0, messages: [] });
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const save = () => {
    state.messages.splice(0, Math.max(0, state.messages.length - MAX_MESSAGES));
    writeWhole(path, JSON.stringify(state));
    changed();
  };
  const indexOf = (channel: string, ts: string) =>
    state.messages.findIndex((message) => message.channel === channel && message.ts === ts);
  return {
    messages: () => state.messages,
    find: (channel, ts) => state.messages[indexOf(channel, ts)],
    post: (message) => {
      // Slack's ts: seconds and six digits, unique in a channel. Never twice the same, whatever the clock does.
      state.lastTs = Math.max(state.lastTs + 1, clock().getTime() * 1_000);
      const stored = { ...message, ts: spellTs(state.lastTs) };
      state.messages.push(stored);
      save();
      return stored;
    },
    replace: (message) => {
      const at = indexOf(message.channel, message.ts);
      if (at !== -1) state.messages[at] = message;
      save();
    },
    remove: (channel, ts) => {
      const at = indexOf(channel, ts);
      if (at !== -1) state.messages.splice(at, 1);
      save();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed,
  };
}

/** Microseconds → `1700000000.000100`. */
const spellTs = (micros: number): string =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;

const secretSchema = z.strictObject({ botToken: z.string(), signingSecret: z.string() });

/** The bot token and signing secret of the app in this workspace, made at the first start. */
export function openSecret(stateDir: string): z.output<typeof secretSchema> {
  const path = join(stateDir, 'slack', 'secret.json');
  const known = readWhole(path, secretSchema.nullable(), null);
  if (known !== null) return known;
  const made = {
    botToken: `xoxb-local-${randomBytes(20).toString('hex')}`,
    signingSecret: randomBytes(16).toString('hex'),
  };
  writeWhole(path, JSON.stringify(made));
  return made;
}
