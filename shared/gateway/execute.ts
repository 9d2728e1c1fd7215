import type { Connection } from '../contracts/config/connection.ts';
import type { Ask } from '../domain/decision.ts';
import type { EventBody } from '../domain/event.ts';
import type { QuotaScope } from '../domain/quota.ts';
import type { Shape } from '../domain/shape.ts';
import { canonicalJson } from '../platform/canonical.ts';
import { toJson } from '../platform/json-value.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { repeated, type Answered, type ExecuteCall, type ExecuteDeps, type Refused } from './answered.ts';
import { askPeople } from './approval/ask-people.ts';
import { breakGlass, oweReview, tellSkipped } from './approval/break-glass.ts';
import { circumstancesOf } from './intake/circumstances.ts';
import { submission, tooMuchToKeep, unreadSubmission, type Submission } from './intake/submission.ts';
import { refuse, refuseCounted } from './refuse.ts';
import { refusalOfHeld, refusalOfQuota } from './refusal-of-held.ts';
import { decidedOf, findConnection, judge, type Judgement } from './run/judge.ts';
import { masksFor } from './run/masks.ts';
import { quotaScopes } from './run/quotas.ts';
import { saidIn } from './run/settle.ts';
import { runStatement, type Admission, type TailEnd } from './run/run-statement.ts';
import { underLeases, type UnderLease } from './run/under-leases.ts';
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
  const name = connection.ok ? connection.value.name : undefined;
  const scopes = quotaScopes(runtime.bundle.gateway.limits, call.agent, name);
  const admitted = deps.controls.meter.admit(scopes, deps.clock());
  if (!connection.ok) return refuseCounted(deps, { id, given, admitted }, connection.error);
  return decideAndAct(deps, runtime, { id, call, given, connection: connection.value, scopes, admitted });
}

const bytesOf = (request: ExecuteCall['request']): Uint8Array => Buffer.from(canonicalJson(toJson(request)));

interface Case {
  readonly id: string;
  readonly call: ExecuteCall;
  readonly given: Submission;
  readonly connection: Connection;
  readonly scopes: readonly QuotaScope[];
  /** Counted while the statement is read: it costs an allowed one no time. */
  readonly admitted: Admission;
}

async function decideAndAct(deps: ExecuteDeps, runtime: Runtime, one: Case): Promise<Result<Answered, Refused>> {
  const circumstances = circumstancesOf(one.call.request, []);
  const judged = await judge(deps, runtime, one.call.agent, one.connection, one.given.statement, circumstances);
  if (!judged.ok) return refuseCounted(deps, one, judged.error);
  const { decision, effects } = judged.value;
  const before: EventBody[] = [one.given.event, { type: 'decided', data: decidedOf(judged.value) }];
  const why = judged.value.connector.whyNotRun?.(one.given.statement);
  switch (decision.verdict) {
    case 'block': {
      const told = decision.why === undefined ? {} : { why: decision.why };
      return refuseCounted(
        deps,
        one,
        { code: 'blocked_by_policy', policies: decision.policies, effects, ...told },
        before,
      );
    }
    case 'approval':
      if (why !== undefined)
        return refuseCounted(deps, one, { code: 'target_error', reason: 'not_carried', detail: why });
      if (one.call.request.breakGlass === true)
        return withoutAsking(deps, runtime, one, judged.value, before, decision.asks);
      return askOrLease(deps, runtime, one, judged.value, before, decision.asks);
    case 'allow':
      return run(deps, runtime, one, judged.value, before);
  }
}

/** Leases that approvers gave for this shape answer for them; else people are asked. */
async function askOrLease(
  deps: ExecuteDeps,
  runtime: Runtime,
  one: Case,
  judgement: Judgement,
  before: readonly EventBody[],
  asks: readonly Ask[],
): Promise<Result<Answered, Refused>> {
  const question = { ...one, judgement, before, asks };
  let shape: { readonly shape?: Shape } = {};
  for (let attempt = 1; attempt <= LEASE_TRIES; attempt += 1) {
    const under = await underLeases(deps, runtime, question);
    shape = under.shape === undefined ? {} : { shape: under.shape };
    if (under.kind === 'ask') break;
    const decided: EventBody = { type: 'decided', data: decidedOf(under.judgement, 'run') };
    const end = await tail(deps, runtime, one, under.judgement, [...before, decided], under);
    if (end.kind !== 'held' || end.by.kind !== 'lease_spent') return answerOf(deps, end, one);
  }
  return askPeople(deps, { ...question, ...shape });
}

/** Another run may take the last one between the look and the write: look once more, then ask people. */
const LEASE_TRIES = 2;

/** Where policy lets this agent break the glass it runs at once, and those who would have been asked owe a review. */
async function withoutAsking(
  deps: ExecuteDeps,
  runtime: Runtime,
  one: Case,
  judgement: Judgement,
  before: readonly EventBody[],
  skipped: readonly Ask[],
): Promise<Result<Answered, Refused>> {
  const glass = breakGlass(runtime, one.call, judgement, skipped);
  if (glass.kind === 'held') {
    const { policies, policyVersion } = judgement.decision;
    const decision = { verdict: 'block', policies, policyVersion, why: glass.why } as const;
    const blocked = { ...judgement, decision };
    return refuseCounted(
      deps,
      one,
      { code: 'blocked_by_policy', policies, effects: judgement.effects, why: glass.why },
      [one.given.event, { type: 'decided', data: decidedOf(blocked) }],
    );
  }
  const owed = await oweReview(deps, one.id, skipped);
  if (!owed.ok) return err({ refusal: { code: 'record_unavailable' }, recorded: false });
  return run(deps, runtime, one, glass.judgement, [...before, ...glass.events]);
}

const run = async (
  deps: ExecuteDeps,
  runtime: Runtime,
  one: Case,
  judgement: Judgement,
  before: readonly EventBody[],
): Promise<Result<Answered, Refused>> => answerOf(deps, await tail(deps, runtime, one, judgement, before), one);

function tail(
  deps: ExecuteDeps,
  runtime: Runtime,
  one: Case,
  judgement: Judgement,
  before: readonly EventBody[],
  under?: UnderLease,
): Promise<TailEnd> {
  const { limits } = runtime.bundle.gateway;
  const approvals = under?.approvals ?? [];
  const masks = masksFor(
    runtime,
    one.call.agent,
    one.connection,
    judgement.lineage,
    circumstancesOf(one.call.request, approvals),
  );
  return runStatement(deps, {
    from: { kind: 'new', id: one.id },
    agent: one.call.agent,
    scopes: one.scopes,
    admitted: one.admitted,
    ...(under === undefined ? {} : { leases: under.leases }),
    before,
    judgement,
    showing: { masks, scanner: runtime.scanner, statement: saidIn(judgement.statement) },
    limits: { maxRows: limits.resultRows, timeoutSeconds: limits.statementSeconds, ...under?.limits },
    approvals,
    stored: one.given.stored,
    begun: (session) =>
      session.breakGlass === undefined ? Promise.resolve(ok(undefined)) : tellSkipped(deps, session),
  });
}

async function answerOf(deps: ExecuteDeps, end: TailEnd, one: Case): Promise<Result<Answered, Refused>> {
  switch (end.kind) {
    case 'ran': {
      const { session, recorded, result } = end;
      return ok({ session, recorded, ...(result === undefined ? {} : { result }) });
    }
    case 'exists':
      return repeated(end.stored, one.given.requestDigest);
    case 'held':
      return refuse(deps, one.id, one.given, refusalOfHeld(end.by));
    case 'over_quota':
      return err({ refusal: refusalOfQuota(end.over), session: one.id, recorded: true });
    case 'conflict':
    case 'record_unavailable':
      return err({ refusal: { code: 'record_unavailable' }, recorded: false });
  }
}
