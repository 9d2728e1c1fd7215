import type { CheckRequest } from '../contracts/api/execute.ts';
import type { CheckAnswer } from '../contracts/api/session-view.ts';
import type { Agent } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ColumnMask, MaskPlan } from '../masking/plan.ts';
import { ok, type Result } from '../platform/result.ts';
import { skippedGroups } from '../domain/review.ts';
import type { ExecuteCall } from './answered.ts';
import { breakGlass } from './approval/break-glass.ts';
import { circumstancesOf } from './intake/circumstances.ts';
import { statementOf } from './intake/submission.ts';
import { findConnection, judge, type JudgeDeps, type Judgement } from './run/judge.ts';
import { masksFor } from './run/masks.ts';
import type { Runtime } from './runtime.ts';
import { viewDecision } from './view-session.ts';

/** What would happen, without it happening: the same reading and the same judgement as `execute`, and nothing after. */
export async function check(
  deps: JudgeDeps,
  runtime: Runtime,
  agent: Agent,
  request: CheckRequest,
): Promise<Result<CheckAnswer, Refusal>> {
  const connection = findConnection(runtime, agent, request.connection);
  if (!connection.ok) return connection;
  const circumstances = circumstancesOf(request, []);
  const judged = await judge(
    deps,
    runtime,
    agent,
    connection.value,
    statementOf(request),
    circumstances,
    request.estimate,
  );
  if (!judged.ok) return judged;
  const plan = masksFor(runtime, agent, connection.value, judged.value.lineage, circumstances);
  const estimated = request.estimate === true ? { estimatedRows: judged.value.estimatedRows ?? null } : {};
  const glass = glassOf(runtime, { agent, request }, judged.value);
  return ok({ ...answer(judged.value), ...glass, ...estimated, ...columnsOf(judged.value, plan) });
}

function answer({ decision, effects }: Judgement): CheckAnswer {
  return {
    decision: viewDecision(decision),
    effects,
    ...(decision.verdict === 'approval' ? { approval: { asks: decision.asks } } : {}),
  };
}

/** Whether it would run without people, where that is asked for and people would be. */
function glassOf(runtime: Runtime, call: ExecuteCall, judgement: Judgement): Pick<CheckAnswer, 'breakGlass'> {
  const { decision } = judgement;
  if (call.request.breakGlass !== true || decision.verdict !== 'approval') return {};
  const glass = breakGlass(runtime, call, judgement, decision.asks);
  return {
    breakGlass: { runs: glass.kind === 'broken', skipped: skippedGroups(decision.asks) },
  };
}

function columnsOf({ lineage }: Judgement, plan: MaskPlan): Pick<CheckAnswer, 'columns' | 'note'> {
  if ('document' in plan)
    return { columns: plan.document.fields.map(({ field, mask }) => ({ name: field.path, ...describe(mask) })) };
  if ('every' in plan || !lineage.known)
    return { note: 'The origin of its columns could not be traced, so every value would be masked.' };
  return {
    columns: plan.columns.map((mask, index) => ({ name: lineage.columns[index]?.name ?? '', ...describe(mask) })),
  };
}

const describe = (mask: ColumnMask): { masked: boolean; class?: string; rule?: string } =>
  mask.kind === 'mask' ? { masked: true, class: mask.class, rule: mask.rule } : { masked: false };
