import type { Issuer } from '../contracts/config/issuer.ts';
import type { Agent } from '../domain/caller.ts';

/**
 * The agent as the rules of this moment see it, or nothing when no rule trusts it any more. Its token was verified when
 * it asked; what may have changed since is whom the configuration trusts, into which groups, and who answers for it.
 * Groups that the token itself stated stay as stated, as long as the issuer may still state any.
 */
export function stillTrusted(issuers: readonly Issuer[], agent: Agent): Agent | undefined {
  const issuer = issuers.find(({ name, url }) => name === agent.issuer && url === agent.issuerUrl);
  if (issuer?.for !== 'agents') return undefined;
  const rule = issuer.rules.find(({ name }) => name === agent.name);
  if (rule === undefined) return undefined;
  const wanted = Object.entries(rule.claims);
  if (wanted.length !== Object.keys(agent.claims).length) return undefined;
  if (!wanted.every(([claim, value]) => agent.claims[claim] === String(value))) return undefined;
  const stated = issuer.groupsClaim === undefined ? [] : agent.groups;
  const { owner, ...known } = agent;
  return {
    ...known,
    groups: [...new Set([...rule.groups, ...stated])].sort(),
    ...(rule.owner === undefined ? {} : { owner: rule.owner }),
  };
}
