import * as z from 'zod';
import { blockSchema, MAX_BLOCKS } from './blocks.ts';
import type { Passing } from './passing.ts';
import type { Workspace } from './workspace.ts';

/** Slack reference: handling user interaction, "message responses". */
const responseSchema = z.object({
  text: z.string().max(40_000).default(''),
  blocks: z.array(blockSchema).max(MAX_BLOCKS).default([]),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
});

/** What an app sends to a `response_url`: said to the person alone unless it asks for more. */
export function takeResponse(
  workspace: Workspace,
  passing: Passing,
  token: string,
  body: unknown,
): { status: number; body: string } {
  const parsed = responseSchema.safeParse(body);
  if (!parsed.success) return { status: 400, body: 'invalid_payload' };
  const target = passing.response(token);
  if (target === undefined) return { status: 404, body: 'expired_url' };
  const { text, blocks, response_type, replace_original, delete_original } = parsed.data;
  const original = workspace.find(target.channel, target.ts);
  if (delete_original) workspace.remove(target.channel, target.ts);
  else if (replace_original && original !== undefined) workspace.replace({ ...original, text, blocks });
  else {
    const only = response_type === 'ephemeral' ? { onlyFor: target.user } : {};
    workspace.post({ channel: target.channel, text, blocks, metadata: null, ...only });
  }
  return { status: 200, body: 'ok' };
}
