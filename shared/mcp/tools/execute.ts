import { executeRequestSchema, type ExecuteRequest } from '../../contracts/api/execute.ts';
import { executeInput, type ExecuteInput } from '../../contracts/mcp.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Answered } from '../../gateway/answered.ts';
import { check as foresee } from '../../gateway/check.ts';
import { execute } from '../../gateway/execute.ts';
import { check } from '../../gateway/intake/read-request.ts';
import { resultOf } from '../../gateway/read-sessions.ts';
import { placeOf, type Place } from '../../gateway/repeats.ts';
import { ok, type Result } from '../../platform/result.ts';
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
    if (!place.ok) return refused(desk, { refusal: place.error, recorded: false });
    if (place.value?.session !== undefined) return again(desk, { session: place.value.session, recorded: true });
    const call = { agent: desk.agent, request: request.value };
    const ended = await execute(
      desk.deps,
      desk.runtime,
      place.value === undefined ? call : { ...call, idempotencyKey: place.value.key },
    );
    if (ended.ok) return holdTheLine(desk, ended.value, ended.value.joined === true);
    if (ended.error.refusal.code !== 'idempotency_conflict') return refused(desk, ended.error, request.value);
    // Somebody was faster with the same call and another trace id: theirs is the session.
    const theirs = await placeOfCall(desk, request.value, input.attempt);
    return theirs.ok && theirs.value?.session !== undefined
      ? again(desk, { session: theirs.value.session, recorded: true })
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
): Promise<Result<Place | undefined, Refusal>> {
  const foreseen = await foresee(desk.deps, desk.runtime, desk.agent, request);
  if (!foreseen.ok) return NO_PLACE;
  const { decision, effects } = foreseen.value;
  if (decision.verdict === 'block') return NO_PLACE;
  if (decision.verdict === 'allow' && effects.every(({ group }) => group === 'read')) return NO_PLACE;
  const { context, ...said } = request;
  const claimed = context?.ticket === undefined ? {} : { ticket: context.ticket };
  return placeOf(desk.deps.store, desk.agent, { request: { ...said, ...claimed }, attempt }, desk.deps.clock());
}

const NO_PLACE = ok(undefined);

async function again(desk: Desk, { session, recorded }: Answered): Promise<ToolAnswer> {
  if (session.status === 'pending_approval' || session.status === 'running')
    return holdTheLine(desk, { session, recorded }, true);
  return answerOf(desk, session, await resultOf(desk.deps.blobs, session), { recorded, repeated: true });
}
