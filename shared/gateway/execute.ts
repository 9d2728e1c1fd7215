import type { Connection } from '../contracts/config/connection.ts';
import type { EventBody } from '../domain/event.ts';
import { canonicalJson } from '../platform/canonical.ts';
import { toJson } from '../platform/json-value.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { repeated, type Answered, type ExecuteCall, type ExecuteDeps, type Refused } from './answered.ts';
import { askPeople } from './approval/ask-people.ts';
import { circumstancesOf } from './intake/circumstances.ts';
import { submission, tooMuchToKeep, unreadSubmission, type Submission } from './intake/submission.ts';
import { refuse } from './refuse.ts';
import { decidedOf, findConnection, judge, type Judgement } from './run/judge.ts';
import { masksFor } from './run/masks.ts';
import { runStatement, type TailEnd } from './run/run-statement.ts';
import type { Runtime } from './runtime.ts';
import { sessionId } from './session-id.ts';

/** One request, from a known agent to its answer: resolve → analyze → decide → block, ask, or run. */
export async function execute(
  deps: ExecuteDeps,
  runtime: Runtime,
  call: ExecuteCall,
): Promise<Result<Answered, Refused>> {
  const id = sessionId(call.agent, call.idempotencyKey, deps.clock());
  const connection = findConnection(runtime, call.agent, call.request.connection);
  const given = submission(deps.blobs, call.agent, call.request, connection.ok ? connection.value : undefined);
  const tooMuch = tooMuchToKeep(given);
  if (tooMuch !== undefined) return refuse(deps, id, unreadSubmission(call.agent, bytesOf(call.request)), tooMuch);
  if (!connection.ok) return refuse(deps, id, given, connection.error);
  return decideAndAct(deps, runtime, { id, call, given, connection: connection.value });
}

const bytesOf = (request: ExecuteCall['request']): Uint8Array => Buffer.from(canonicalJson(toJson(request)));

interface Case {
  readonly id: string;
  readonly call: ExecuteCall;
  readonly given: Submission;
  readonly connection: Connection;
}

async function decideAndAct(deps: ExecuteDeps, runtime: Runtime, one: Case): Promise<Result<Answered, Refused>> {
  const circumstances = circumstancesOf(one.call.request, []);
  const judged = await judge(deps, runtime, one.call.agent, one.connection, one.given.statement, circumstances);
  if (!judged.ok) return refuse(deps, one.id, one.given, judged.error);
  const { decision, effects } = judged.value;
  const before: EventBody[] = [one.given.event, { type: 'decided', data: decidedOf(judged.value) }];
  switch (decision.verdict) {
    case 'block': {
      const why = decision.why === undefined ? {} : { why: decision.why };
      return refuse(
        deps,
        one.id,
        one.given,
        { code: 'blocked_by_policy', policies: decision.policies, effects, ...why },
        before,
      );
    }
    case 'approval':
      return askPeople(deps, runtime, { ...one, judgement: judged.value, before, asks: decision.asks });
    case 'allow':
      return run(deps, runtime, one, judged.value, before);
  }
}

async function run(
  deps: ExecuteDeps,
  runtime: Runtime,
  one: Case,
  judgement: Judgement,
  before: EventBody[],
): Promise<Result<Answered, Refused>> {
  const { limits, masking } = runtime.bundle.gateway;
  const masks = masksFor(
    runtime,
    one.call.agent,
    one.connection,
    judgement.lineage,
    circumstancesOf(one.call.request, []),
  );
  const end = await runStatement(deps, {
    from: { kind: 'new', id: one.id },
    before,
    judgement,
    showing: { masks, detectors: masking.detectors, statement: judgement.statement.text },
    limits: { maxRows: limits.resultRows, timeoutSeconds: limits.statementSeconds },
    approvals: [],
    stored: one.given.stored,
  });
  return answerOf(end, one);
}

function answerOf(end: TailEnd, one: Case): Result<Answered, Refused> {
  switch (end.kind) {
    case 'ran': {
      const { session, recorded, result } = end;
      return ok({ session, recorded, ...(result === undefined ? {} : { result }) });
    }
    case 'exists':
      return repeated(end.stored.session, one.given.requestDigest);
    case 'conflict':
    case 'record_unavailable':
      return err({ refusal: { code: 'record_unavailable' }, recorded: false });
  }
}
