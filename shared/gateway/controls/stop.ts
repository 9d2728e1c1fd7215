import { ulid } from 'ulid';
import type { StopRequest } from '../../contracts/api/controls.ts';
import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { actOf } from '../../domain/act.ts';
import type { Person } from '../../domain/caller.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { stopKey, type Stop, type StopScope } from '../../domain/stop.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Controls } from '../ports/controls.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { Surroundings } from '../runtime.ts';
import { endWhatWaits, type Aftermath } from './aftermath.ts';
import { isOperator } from './operators.ts';

export interface ControlDeps extends Surroundings {
  readonly store: SessionStore;
  readonly workflow: Workflow;
  readonly controls: Controls;
}

export interface Stopped extends Aftermath {
  readonly stop: Stop;
}

const UNAVAILABLE = err({ code: 'record_unavailable' } as const);

/**
 * Stops an agent, a connection, or everything. First on record, then in force, then what waits is cancelled and leases
 * are revoked. When this has answered, no intent that it is about can be written; whatever it could not cancel in time
 * is held by the same guard.
 */
export async function stop(
  deps: ControlDeps,
  config: GatewayConfig,
  person: Person,
  request: StopRequest,
): Promise<Result<Stopped, Refusal>> {
  if (!isOperator(config, person)) return err({ code: 'not_an_operator' });
  const scope = scopeOf(config, request);
  if (!scope.ok) return scope;
  const now = deps.clock();
  const made: Stop = {
    id: `act_${ulid(now.getTime()).toLowerCase()}`,
    scope: scope.value,
    by: person.id,
    reason: request.reason ?? '',
    at: now.toISOString(),
  };
  const { reason } = made;
  const act = actOf(made.id, { type: 'stopped', data: { scope: scope.value, reason } }, person.id, now, deps.nonce());
  const recorded = await deps.controls.acts.create(act);
  if (!recorded.ok) return UNAVAILABLE;
  const inForce = await deps.controls.stops.put(made);
  if (!inForce.ok) {
    deps.log.error('stop not in force everywhere; repeat it', { stop: made.id, fault: inForce.error.message });
    return UNAVAILABLE;
  }
  return ok({ stop: made, ...(await endWhatWaits(deps, made)) });
}

function scopeOf(config: GatewayConfig, request: StopRequest): Result<StopScope, Refusal> {
  if (request.all === true) return ok({ kind: 'all' });
  if (request.connection !== undefined) {
    const known = config.connections.some(({ name }) => name === request.connection);
    return known ? ok({ kind: 'connection', connection: request.connection }) : unknown('connection', 'connection');
  }
  const issuer = config.issuers.find(({ name }) => name === request.agent?.issuer);
  if (issuer === undefined || request.agent === undefined) return unknown('agent.issuer', 'issuer');
  return ok({ kind: 'agent', issuerUrl: issuer.url, subject: request.agent.subject });
}

/** Stopping what is misspelt would stop nothing and look as if it had. */
const unknown = (member: string, what: string): Result<never, Refusal> =>
  err({ code: 'invalid_request', member, detail: `is no ${what} of gateway.yaml; nothing was stopped.` });

/** Lifts a stop. What it cancelled stays cancelled, and leases stay revoked: people are asked again. */
export async function resume(
  deps: ControlDeps,
  config: GatewayConfig,
  person: Person,
  id: string,
  reason: string,
): Promise<Result<Stop, Refusal>> {
  if (!isOperator(config, person)) return err({ code: 'not_an_operator' });
  const listed = await deps.controls.stops.list();
  if (!listed.ok) return UNAVAILABLE;
  const found = listed.value.find((one) => one.id === id);
  if (found === undefined) return err({ code: 'stop_not_found' });
  const now = deps.clock();
  const act = actOf(
    `act_${ulid(now.getTime()).toLowerCase()}`,
    { type: 'resumed', data: { stop: id, scope: found.scope, reason } },
    person.id,
    now,
    deps.nonce(),
  );
  const recorded = await deps.controls.acts.create(act);
  // Once more while it still holds: what an index did not show yet when it was made must not come alive again.
  if (recorded.ok) await endWhatWaits(deps, found);
  const lifted = recorded.ok ? await deps.controls.stops.lift(found) : recorded;
  return lifted.ok ? ok(found) : UNAVAILABLE;
}

/** Every stop in force, newest first. */
export async function listStops(
  deps: ControlDeps,
  config: GatewayConfig,
  person: Person,
): Promise<Result<readonly Stop[], Refusal>> {
  if (!isOperator(config, person)) return err({ code: 'not_an_operator' });
  const listed = await deps.controls.stops.list();
  if (!listed.ok) return UNAVAILABLE;
  return ok(listed.value.toSorted((left, right) => order(right) - order(left)));
}

const order = (stop: Stop): number => Date.parse(stop.at) + (stopKey(stop.scope) === 'all' ? 0.5 : 0);
