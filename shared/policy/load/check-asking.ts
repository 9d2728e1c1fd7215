import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { entitiesIn, isRecord, nodeOf } from './expression.ts';
import { isContext, permitsNoLess } from './formula.ts';
import { faultAt } from './policy.ts';
import type { LoadedPolicy, PolicyFault } from './policy.ts';

/** People in each group of the configuration. */
type Groups = ReadonlyMap<string, number>;

/**
 * Checks what a policy says about asking a second group, about denials and about breaking the glass against what its
 * condition really does: an annotation that the condition does not honour would have people asked for nothing.
 */
export function checkAsking(policy: LoadedPolicy, groups: Groups): PolicyFault[] {
  const fault = (message: string, remedy: string) => faultAt(policy.source, policy.id, message, remedy);
  return [
    ...escalationFaults(policy, groups).map(([message, remedy]) => fault(message, remedy)),
    ...denialFaults(policy, groups).map(([message, remedy]) => fault(message, remedy)),
    ...breakGlassFaults(policy).map(([message, remedy]) => fault(message, remedy)),
  ];
}

type Words = readonly [message: string, remedy: string];

function escalationFaults({ approval, json }: LoadedPolicy, groups: Groups): Words[] {
  const [first] = approval?.groups ?? [];
  const second = approval?.escalation?.group;
  if (approval === undefined || first === undefined || second === undefined) return [];
  const members = groups.get(second);
  if (members === undefined)
    return [[`@escalate names "${second}", which is no group`, 'correct the name, or add the group to gateway.yaml']];
  if (members < approval.quorum)
    return [
      [
        `@escalate("${second}") needs ${String(approval.quorum)} people like the first group, and has ${String(members)}`,
        'add people to the group or lower @quorum',
      ],
    ];
  const given = (...approvals: string[]) => ({ approvals, breakGlass: false });
  const asMuch = permitsNoLess(json, given(second), given(first));
  const anything = permitsNoLess(json, given(), given(second)) === false;
  if (asMuch === true && anything) return [];
  return [
    [
      `@escalate("${second}") stands here, but "${second}" alone does not lift what "${first}" lifts`,
      `ask for either: context.approvals.containsAny(["${first}", "${second}"])`,
    ],
  ];
}

function denialFaults({ approval }: LoadedPolicy, groups: Groups): Words[] {
  const denials = approval?.denials ?? 1;
  return (approval?.groups ?? [])
    .filter((group) => denials > 1 && denials > (groups.get(group) ?? denials))
    .map((group) => [
      `@denials wants ${String(denials)} of "${group}", which has ${String(groups.get(group) ?? 0)} people`,
      'add people to the group or lower @denials: nobody could ever deny this',
    ]);
}

/**
 * Break-glass may skip people, for a named group of agents. So a policy that it loosens says by `@approval` who is
 * skipped, told and owed a review, and loosens nothing for an agent that is in no group it names. One that it tightens
 * may ask for it freely.
 */
function breakGlassFaults(policy: LoadedPolicy): Words[] {
  const { json } = policy;
  const bodies = json.conditions.map(({ body }) => body);
  if (!bodies.some(mentionsBreakGlass)) return [];
  if (!bodies.every(onlyConnected))
    return [['context.breakGlass is used in a way that cannot be checked', 'use it as it is, with &&, ||, ! and if']];
  const before = { approvals: [], breakGlass: false };
  const after = { approvals: [], breakGlass: true };
  if (permitsNoLess(json, before, after) === true) return [];
  if (policy.approval === undefined)
    return [
      [
        'break-glass lets through here what nobody is asked about',
        'add @approval("GROUP"): who is told and reviews it',
      ],
    ];
  if (namesAgents(json)) return [];
  const stranger = { named: false } as const;
  const closed = permitsNoLess(json, { ...before, ...stranger }, { ...after, ...stranger });
  if (closed === true) return [];
  return [
    [
      'break-glass is open here to every agent, or to one that cannot be told',
      'name the group that may: context.breakGlass && principal in Group::"oncall"',
    ],
  ];
}

/** A permit that is for one group or agent in the first place. The scope of a forbid says whom it stops, not whom it frees. */
function namesAgents({ effect, principal }: PolicyJson): boolean {
  return effect === 'permit' && entitiesIn(principal).length > 0;
}

function mentionsBreakGlass(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mentionsBreakGlass);
  return isContext(value, 'breakGlass') || (isRecord(value) && Object.values(value).some(mentionsBreakGlass));
}

const CONNECTIVES = new Set(['&&', '||', '!', 'if-then-else']);

/** Wherever break-glass is read, only and, or, not and if stand above it. */
function onlyConnected(expression: unknown): boolean {
  if (isContext(expression, 'breakGlass') || !mentionsBreakGlass(expression)) return true;
  const node = nodeOf(expression);
  if (node === undefined || !CONNECTIVES.has(node.operator) || !isRecord(node.body)) return false;
  return Object.values(node.body).every(onlyConnected);
}
