import { CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY, type ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { provenanceSchema } from '../contracts/mcp.ts';
import type { Agent } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ExecuteDeps } from '../gateway/answered.ts';
import type { BallotDeps } from '../gateway/approval/cast-ballot.ts';
import { check } from '../gateway/intake/read-request.ts';
import type { ReadDeps } from '../gateway/read-sessions.ts';
import type { Runtime } from '../gateway/runtime.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { declaresTasks } from './tasks.ts';

/** What the tools need of the world: that of execute, of reading sessions, and of taking one back. */
export type McpDeps = ExecuteDeps & ReadDeps & BallotDeps;

/** Who asks, as the token says, and under which configuration. */
export interface Visitor {
  readonly deps: McpDeps;
  readonly runtime: Runtime;
  readonly agent: Agent;
  /** When the request came: what it waits for counts from here, not from where the waiting begins. */
  readonly since: Date;
}

/** One call of a tool: who makes it, and what their client can do. */
export interface Desk extends Visitor {
  /** What the caller says of itself; on record as claimed, apart from what its token proves. */
  readonly claimed: Readonly<Record<string, string>>;
  /** The client declared the Tasks extension: a wait becomes a task that it polls. */
  readonly tasks: boolean;
  /** The client wants to hear of progress, so it holds the line. */
  readonly progress?: (message: string) => Promise<void>;
}

/** Every word of progress repeats the token, and an answer of Lambda may have 6 MB. */
const MAX_PROGRESS_TOKEN = 200;

/** What a request says of its client (MCP 2026-07-28, "Request metadata"); one of an earlier revision says nothing. */
const envelopeSchema = z.looseObject({
  [CLIENT_INFO_META_KEY]: z
    .looseObject({ name: z.string().max(200), version: z.string().max(100) })
    .optional()
    .catch(undefined),
  [CLIENT_CAPABILITIES_META_KEY]: z.unknown().optional(),
});

/** The desk of one call, from what the request says of itself. */
export function deskOf(visitor: Visitor, { mcpReq }: ServerContext): Result<Desk, Refusal> {
  const { _meta: meta = {}, envelope = {} } = mcpReq;
  const said = check(provenanceSchema, meta);
  if (!said.ok) return said;
  const about = envelopeSchema.parse(envelope);
  const client = about[CLIENT_INFO_META_KEY];
  const named = client === undefined ? {} : { client: `${client.name} ${client.version}` };
  const claimed = { ...defined(said.value), ...named, via: 'mcp' };
  const tasks = declaresTasks(about[CLIENT_CAPABILITIES_META_KEY]);
  const token = meta.progressToken;
  if (token === undefined) return ok({ ...visitor, claimed, tasks });
  if (String(token).length > MAX_PROGRESS_TOKEN)
    return err({ code: 'invalid_request', member: '_meta.progressToken', detail: 'has at most 200 characters.' });
  return ok({ ...visitor, claimed, tasks, progress: progressOf(mcpReq, token) });
}

/** What is claimed with one call: of the caller, and the ticket that it names. */
export const claimedWith = ({ claimed }: Desk, ticket: string | undefined): Desk['claimed'] =>
  ticket === undefined ? claimed : { ...claimed, ticket };

function progressOf(mcpReq: ServerContext['mcpReq'], progressToken: string | number) {
  let progress = 0;
  return async (message: string): Promise<void> => {
    progress += 1;
    await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, message } });
  };
}

const defined = (value: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(value).filter((pair): pair is [string, string] => pair[1] !== undefined));
