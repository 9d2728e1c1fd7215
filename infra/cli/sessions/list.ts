import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { toInstant } from '../instant.ts';
import { openSource, sourceOptionsSchema, withSource } from './open-source.ts';
import type { Filter, Row } from './source.ts';

const optionsSchema = sourceOptionsSchema.extend({
  connection: z.string().exactOptional(),
  agent: z.string().exactOptional(),
  person: z.string().exactOptional(),
  pipeline: z.string().exactOptional(),
  table: z.string().exactOptional(),
  status: z.string().exactOptional(),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  text: z.string().exactOptional(),
  limit: z.int(),
  json: z.boolean().default(false),
});

export function listCommand(): Command {
  const command = new Command('list')
    .description('list sessions: newest first from the gateway, oldest first from an archive')
    .option('--connection <name>')
    .option('--agent <subject>', 'subject of the agent, as its tokens say')
    .option('--person <id>', 'who voted')
    .option('--pipeline <id>', 'as the agent claimed it')
    .option('--table <name>', 'what a statement touched, e.g. public.customers')
    .option('--status <status>', 'e.g. succeeded, blocked, denied')
    .option('--from <instant>', 'begun at or after', toInstant)
    .option('--to <instant>', 'begun before', toInstant)
    .option('--text <piece>', 'piece of the statement, any case')
    .option('--limit <count>', 'at most this many', toCount, 25)
    .option('--json', 'print one JSON object a line');
  return withSource(command).action(async (given: unknown) => {
    const { json, limit, archive, url, token, as, state, ...filter } = optionsSchema.parse(given);
    const source = await openSource({ archive, url, token, as, state });
    for await (const row of source.list(filter satisfies Filter, limit))
      console.log(json ? JSON.stringify(row) : lineOf(row));
  });
}

function toCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('Give a whole number from 1.');
}

const lineOf = ({ session, status, connection, startedAt, agent, effects }: Row): string =>
  [startedAt, session, status.padEnd(16), connection, agent, effects.slice(0, 3).join(', ')].join('  ').trimEnd();
