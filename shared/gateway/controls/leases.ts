import { ulid } from 'ulid';
import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { actOf } from '../../domain/act.ts';
import { agentKey, type Caller, type Person } from '../../domain/caller.ts';
import type { Lease } from '../../domain/lease.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { ControlDeps } from './stop.ts';
import { isOperator } from './operators.ts';

/** Leases that one listing shows. */
const MAX_LISTED = 500;

const UNAVAILABLE = err({ code: 'record_unavailable' } as const);

/** Leases that have not ended: an agent's own; for people those of their groups; for operators and auditors all. */
export async function listLeases(
  deps: ControlDeps,
  config: GatewayConfig,
  caller: Caller,
): Promise<Result<readonly Lease[], Refusal>> {
  const listed = await deps.controls.leases.list(deps.clock(), MAX_LISTED);
  if (!listed.ok) return UNAVAILABLE;
  return ok(listed.value.filter((lease) => maySee(config, caller, lease)));
}

function maySee(config: GatewayConfig, caller: Caller, lease: Lease): boolean {
  if (caller.kind === 'agent')
    return agentKey(caller) === agentKey({ issuerUrl: lease.agent.issuer, subject: lease.agent.subject });
  const audits = config.groups.some((group) => group.auditor && caller.groups.includes(group.name));
  return audits || mayRevoke(config, caller, lease);
}

/** Whoever granted it, whoever could have, and operators. Less is permitted afterwards, never more. */
const mayRevoke = (config: GatewayConfig, person: Person, lease: Lease): boolean =>
  person.id === lease.by || isOperator(config, person) || lease.groups.some((group) => person.groups.includes(group));

/** Takes a lease back, at once: the next run under it is asked of people. */
export async function revokeLease(
  deps: ControlDeps,
  config: GatewayConfig,
  person: Person,
  id: string,
  reason: string,
): Promise<Result<Lease, Refusal>> {
  const found = await deps.controls.leases.get(id);
  if (!found.ok) return UNAVAILABLE;
  const lease = found.value;
  if (lease === undefined || !maySee(config, person, lease) || !mayRevoke(config, person, lease))
    return err({ code: 'lease_not_found' });
  const now = deps.clock();
  const by = { by: person.id, at: now.toISOString(), reason };
  const act = actOf(
    `act_${ulid(now.getTime()).toLowerCase()}`,
    { type: 'lease_revoked', data: { lease: id, reason } },
    person.id,
    now,
    deps.nonce(),
  );
  const recorded = await deps.controls.acts.create(act);
  const revoked = recorded.ok ? await deps.controls.leases.revoke(id, by) : recorded;
  return revoked.ok ? ok({ ...lease, revoked: lease.revoked ?? by }) : UNAVAILABLE;
}
