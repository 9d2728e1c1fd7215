import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import type { Vocabulary } from '../../domain/vocabulary.ts';
import { approvalsUse } from './approvals-use.ts';
import { checkAsking } from './check-asking.ts';
import { entitiesIn } from './expression.ts';
import type { EntityRef } from './expression.ts';
import { faultAt } from './policy.ts';
import type { LoadedPolicy, PolicyFault } from './policy.ts';

/** The names that policies may use, from the configuration. */
interface Known {
  readonly groups: ReadonlyMap<string, number>;
  readonly connections: ReadonlySet<string>;
  readonly environments: ReadonlySet<string>;
  readonly issuers: ReadonlySet<string>;
  readonly containers: ReadonlySet<string>;
}

/**
 * Checks what Cedar cannot know: that the groups, connections and environments a policy names exist. A misspelt connection in a
 * `forbid` forbids nothing, and looks just like one that does.
 */
export function checkPolicyReferences(
  policies: readonly LoadedPolicy[],
  config: GatewayConfig,
  vocabularies: readonly Vocabulary[],
): PolicyFault[] {
  const known = knownNames(config, vocabularies);
  return policies.flatMap((policy) => [
    ...checkEntities(policy, known),
    ...checkApprovals(policy, known),
    ...checkAsking(policy, known.groups),
  ]);
}

function knownNames(config: GatewayConfig, vocabularies: readonly Vocabulary[]): Known {
  return {
    groups: new Map(
      config.groups.map(({ name }) => [name, config.people.filter((person) => person.groups.includes(name)).length]),
    ),
    connections: new Set(config.connections.map(({ name }) => name)),
    environments: new Set(config.connections.map(({ environment }) => environment)),
    issuers: new Set(config.issuers.filter((issuer) => issuer.for === 'agents').map(({ name }) => name)),
    containers: new Set(vocabularies.flatMap(({ container }) => (container === undefined ? [] : [container.type]))),
  };
}

function checkEntities(policy: LoadedPolicy, known: Known): PolicyFault[] {
  return entitiesIn([policy.json.principal, policy.json.resource, policy.json.conditions]).flatMap((entity) => {
    const unknown = unknownPart(entity, known);
    return unknown === undefined
      ? []
      : [
          faultAt(
            policy.source,
            policy.id,
            `${entity.type}::"${entity.id}" names ${unknown} that the configuration does not have`,
            'correct the name, or add it to gateway.yaml',
          ),
        ];
  });
}

/** What of the configuration an entity's id must name, by its type. The part before the first slash is its connection or issuer. */
function unknownPart({ type, id }: EntityRef, known: Known): string | undefined {
  const owner = id.includes('/') ? id.slice(0, id.indexOf('/')) : '';
  const rules: Readonly<Record<string, readonly [boolean, string]>> = {
    Group: [known.groups.has(id), 'a group'],
    Connection: [known.connections.has(id), 'a connection'],
    Environment: [known.environments.has(id), 'an environment'],
    Agent: [known.issuers.has(owner), 'an issuer (write Agent::"ISSUER/SUBJECT")'],
  };
  const inside = type === 'Resource' || type === 'Column' || known.containers.has(type);
  const [found, what] = rules[type] ?? [
    !inside || known.connections.has(owner),
    'a connection (ids begin with "CONNECTION/")',
  ];
  return found ? undefined : what;
}

function checkApprovals(policy: LoadedPolicy, known: Known): PolicyFault[] {
  const use = approvalsUse(policy.json);
  const fault = (message: string, remedy: string) => faultAt(policy.source, policy.id, message, remedy);
  const asked = policy.approval?.groups ?? [];
  return [
    ...use.faults.map((message) => fault(message, 'see the README of the configuration: "Asking people"')),
    ...use.groups
      .filter((group) => !known.groups.has(group))
      .map((group) =>
        fault(
          `context.approvals is asked for "${group}", which is no group`,
          'correct the name, or add the group to gateway.yaml',
        ),
      ),
    ...asked.flatMap((group) => checkAsk(group, policy, use.groups, known)),
  ];

  function checkAsk(
    group: string,
    { approval }: LoadedPolicy,
    tested: readonly string[],
    { groups }: Known,
  ): PolicyFault[] {
    const members = groups.get(group);
    if (members === undefined)
      return [
        fault(`@approval names "${group}", which is no group`, 'correct the name, or add the group to gateway.yaml'),
      ];
    if (members < (approval?.quorum ?? 1))
      return [
        fault(
          `@approval wants ${String(approval?.quorum ?? 1)} of "${group}", which has ${String(members)} people`,
          'add people to the group or lower @quorum: nobody could ever lift this',
        ),
      ];
    if (!tested.includes(group) && use.faults.length === 0)
      return [
        fault(
          `@approval("${group}") stands here, but the condition never asks whether "${group}" approved`,
          `add: unless { context.approvals.contains("${group}") } (for a permit: when)`,
        ),
      ];
    return [];
  }
}
