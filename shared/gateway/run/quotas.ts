import type { Limits } from '../../contracts/config/limits.ts';
import { agentKey, type Agent } from '../../domain/caller.ts';
import type { QuotaScope } from '../../domain/quota.ts';
import { sha256Hex } from '../../platform/canonical.ts';

/**
 * Whose limits a request of this agent on this connection counts for: its own, its groups', the connection's. None
 * for a connection that the agent may not know of: nobody uses up what is not theirs.
 */
export function quotaScopes(limits: Limits, agent: Agent, connection: string | undefined): readonly QuotaScope[] {
  const { groups, connections, pendingPerAgent } = limits;
  const own: QuotaScope = {
    kind: 'agent',
    key: sha256Hex(agentKey(agent)).slice(0, 32),
    quota: { ...limits.agent, pending: pendingPerAgent },
  };
  const ofGroups = [...new Set(agent.groups)].flatMap((name): QuotaScope[] =>
    groups[name] === undefined ? [] : [{ kind: 'group', key: name, quota: groups[name] }],
  );
  if (connection === undefined || connections[connection] === undefined) return [own, ...ofGroups];
  return [own, ...ofGroups, { kind: 'connection', key: connection, quota: connections[connection] }];
}
