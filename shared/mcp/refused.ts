import type { ExecuteRequest } from '../contracts/api/execute.ts';
import type { Refusal } from '../domain/refusal.ts';
import { circumstancesOf } from '../gateway/intake/circumstances.ts';
import { findConnection } from '../gateway/run/judge.ts';
import type { ToolAnswer } from './answer.ts';
import type { Desk } from './desk.ts';

/** Effects that are judged one by one for an answer; a statement with more is better split than explained. */
const MAX_EXPLAINED = 20;

/**
 * A refusal, and where policy made it, which parts of the statement policy would have let through: an agent that is told
 * only "no" tries the same again.
 */
export function refused(
  desk: Desk,
  about: {
    readonly refusal: Refusal;
    readonly session?: string;
    readonly recorded?: boolean;
    readonly repeated?: boolean;
  },
  request?: ExecuteRequest,
): ToolAnswer {
  const fine = request === undefined ? [] : partsThatMayRun(desk, about.refusal, request);
  return { kind: 'refused', ...about, ...(fine.length === 0 ? {} : { fine }) };
}

function partsThatMayRun({ runtime, agent }: Desk, refusal: Refusal, request: ExecuteRequest): readonly string[] {
  if (refusal.code !== 'blocked_by_policy' || refusal.effects.length > MAX_EXPLAINED) return [];
  const connection = findConnection(runtime, agent, request.connection);
  if (!connection.ok) return [];
  const circumstances = circumstancesOf(request, []);
  return refusal.effects
    .filter((effect) => runtime.engine.decide(agent, connection.value, [effect], circumstances).verdict !== 'block')
    .map(({ action, resource }) => `${action} on ${resource.kind} ${resource.name}`);
}
