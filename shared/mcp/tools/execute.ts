import { executeRequestSchema, type ExecuteRequest } from '../../contracts/api/execute.ts';
import { executeInput, type ExecuteInput } from '../../contracts/mcp.ts';
import type { Answered } from '../../gateway/answered.ts';
import { check as foresee } from '../../gateway/check.ts';
import { execute } from '../../gateway/execute.ts';
import { check } from '../../gateway/intake/read-request.ts';
import { resultOf } from '../../gateway/read-sessions.ts';
import { placeOf, type Place } from '../../gateway/repeats.ts';
import type { ToolAnswer } from '../answer.ts';
import { claimedWith, type Desk } from '../desk.ts';
import { answerOf } from '../of-session.ts';
import { refused } from '../refused.ts';
import { tool } from '../tool.ts';
import { holdTheLine } from '../waiting.ts';

export const executeTool = tool(
  {
    name: 'execute',
    description:
      'Run one statement on a connection. Policy allows it, blocks it, or asks people; blocked and waiting statements have not run. Values go into parameters ($1 or :name), never into the text.',
    class: 'proposes',
    because: 'The statement goes the way of every other: judged, sealed where people are asked, on record.',
    annotations: {
      title: 'Run a statement',
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
    input: executeInput,
  },
  async (desk, input) => {
    const request = check(executeRequestSchema, requestOf(desk, input));
    if (!request.ok) return refused(desk, { refusal: request.error });
    const place = await placeOfCall(desk, request.value, input.attempt);
    if (place === 'unknown') return refused(desk, { refusal: { code: 'record_unavailable' }, recorded: false });
    if (place?.session !== undefined) return again(desk, { session: place.session, recorded: true });
    const call = { agent: desk.agent, request: request.value };
    const ended = await execute(
      desk.deps,
      desk.runtime,
      place === undefined ? call : { ...call, idempotencyKey: place.key },
    );
    if (ended.ok) return holdTheLine(desk, ended.value, ended.value.joined === true);
    if (ended.error.refusal.code !== 'idempotency_conflict') return refused(desk, ended.error, request.value);
    // Somebody was faster with the same call and another trace id: theirs is the session.
    const theirs = await placeOfCall(desk, request.value, input.attempt);
    return typeof theirs === 'object' && theirs.session !== undefined
      ? again(desk, { session: theirs.session, recorded: true })
      : refused(desk, ended.error);
  },
);

function requestOf(desk: Desk, input: ExecuteInput): ExecuteRequest {
  const { connection, statement, parameters, body, reason, ticket } = input;
  return {
    connection,
    statement,
    ...(parameters === undefined ? {} : { parameters }),
    ...(body === undefined ? {} : { body }),
    ...(reason === undefined ? {} : { reason }),
    context: claimedWith(desk, ticket),
  };
}

/**
 * A client that gave up waiting asks again, and must neither run a write twice nor ask people twice. Reads that need
 * nobody are run afresh: whoever reads again wants to know how it is now. `undefined`: it is such a read, or `execute`
 * will refuse it.
 */
async function placeOfCall(
  desk: Desk,
  request: ExecuteRequest,
  attempt: number,
): Promise<Place | undefined | 'unknown'> {
  const foreseen = await foresee(desk.deps, desk.runtime, desk.agent, request);
  if (!foreseen.ok) return undefined;
  const { decision, effects } = foreseen.value;
  if (decision.verdict === 'block') return undefined;
  if (decision.verdict === 'allow' && effects.every(({ group }) => group === 'read')) return undefined;
  const { context, ...said } = request;
  const claimed = context?.ticket === undefined ? {} : { ticket: context.ticket };
  const place = await placeOf(
    desk.deps.store,
    desk.agent,
    { request: { ...said, ...claimed }, attempt },
    desk.deps.clock(),
  );
  return place.ok ? place.value : 'unknown';
}

async function again(desk: Desk, { session, recorded }: Answered): Promise<ToolAnswer> {
  if (session.status === 'pending_approval' || session.status === 'running')
    return holdTheLine(desk, { session, recorded }, true);
  return answerOf(desk, session, await resultOf(desk.deps.blobs, session), { recorded, repeated: true });
}
