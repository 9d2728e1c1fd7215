import type { Limits } from '../../contracts/config/limits.ts';
import { agentKey, type Agent } from '../../domain/caller.ts';
import type { QuotaScope } from '../../domain/quota.ts';
import { sha256Hex } from '../../platform/canonical.ts';

/** Whose limits a request of this agent on this connection counts for: its own, its groups', the connection's. */
export function quotaScopes(limits: Limits, agent: Agent, connection: string): readonly QuotaScope[] {
  const { groups, connections, pendingPerAgent } = limits;
  const own: QuotaScope = {
    kind: 'agent',
    key: sha256Hex(agentKey(agent)).slice(0, 32),
    quota: { ...limits.agent, pending: pendingPerAgent },
  };
  const ofGroups = agent.groups.flatMap((name): QuotaScope[] =>
    groups[name] === undefined ? [] : [{ kind: 'group', key: name, quota: groups[name] }],
  );
  const quota = connections[connection];
  return [own, ...ofGroups, ...(quota === undefined ? [] : [{ kind: 'connection' as const, key: connection, quota }])];
}
