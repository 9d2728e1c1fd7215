import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { parse } from 'yaml';
import type { GatewayConfig } from '../../../shared/contracts/config/gateway.ts';
import type { Result } from '../../../shared/platform/result.ts';
import { err, ok } from '../../../shared/platform/result.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'lower-case letters, digits, ".", "_" and "-"');
const team = z.string().regex(/^[TE][A-Z0-9]{2,20}$/);

const channelSchema = z.strictObject({
  id: z.string().regex(/^[CG][A-Z0-9]{2,20}$/),
  name,
  topic: z.string().max(250).default(''),
});
const userSchema = z.strictObject({
  id: z.string().regex(/^[UW][A-Z0-9]{2,20}$/),
  name,
  realName: z.string().min(1).max(80),
  title: z.string().max(100).default(''),
  /** Set for somebody of another company in a shared channel. */
  team: team.optional(),
});

/** `config/local/slack.yaml`: the workspace that the local Slack plays. */
export const slackSettingsSchema = z.strictObject({
  version: z.literal(1),
  workspace: z.strictObject({ id: team, name: z.string().min(1).max(80), domain: name }),
  channels: z.array(channelSchema).min(1).max(100),
  users: z.array(userSchema).min(1).max(1_000),
});

export type SlackSettings = z.output<typeof slackSettingsSchema>;
export type SlackUser = SlackSettings['users'][number];
export type SlackChannel = SlackSettings['channels'][number];

/** Reads `local/slack.yaml` of a configuration folder; without that file the workspace follows from `gateway.yaml`. */
export function loadSlackSettings(configDir: string, gateway: GatewayConfig): Result<SlackSettings, string> {
  const path = join(configDir, 'local', 'slack.yaml');
  if (!existsSync(path)) return ok(settingsFrom(gateway));
  try {
    const parsed = slackSettingsSchema.safeParse(parse(readFileSync(path, 'utf8'), { uniqueKeys: true }));
    return parsed.success ? ok(parsed.data) : err(`${path}: ${z.prettifyError(parsed.error)}`);
  } catch (error) {
    return err(`${path}: ${error instanceof Error ? error.message : 'cannot be read'}`);
  }
}

/** A workspace with the channels and people that the gateway knows, for a folder that brings none of its own. */
export function settingsFrom(gateway: GatewayConfig): SlackSettings {
  const channels = gateway.groups.flatMap((group) =>
    group.slackChannel === undefined ? [] : [{ id: group.slackChannel, name: group.name, topic: '' }],
  );
  const users = gateway.people.flatMap((person) =>
    person.slack === undefined
      ? []
      : [
          {
            id: person.slack.user,
            name: person.id,
            realName: person.name,
            title: person.groups.join(', ').slice(0, 100),
          },
        ],
  );
  return {
    version: 1,
    workspace: { id: gateway.slack?.team ?? 'T0LOCAL001', name: 'Local workspace', domain: 'local' },
    channels: channels.length > 0 ? channels : [{ id: 'C0LOCAL001', name: 'general', topic: '' }],
    users: users.length > 0 ? users : [{ id: 'U0LOCAL001', name: 'somebody', realName: 'Somebody', title: '' }],
  };
}
