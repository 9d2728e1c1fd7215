import type { Ask, Escalation } from '../../domain/decision.ts';
import type { Approval } from '../load/annotations.ts';
import type { LoadedPolicy } from '../load/policy.ts';

/** The groups that are asked, each with the policies that ask it. */
export interface Asking {
  readonly asks: readonly Ask[];
  readonly policies: readonly string[];
}

/**
 * The strictest word wins where several policies ask one group: the highest quorum, the earliest end, the fewest
 * denials; nobody is reminded only where all say so. `enough` tries out whether a set of approvals lets the whole
 * statement through: a second group whose yes would be worth nothing is never asked.
 */
export function askingOf(
  groups: readonly string[],
  askers: ReadonlySet<string>,
  slice: readonly LoadedPolicy[],
  enough: (groups: readonly string[]) => boolean,
): Asking {
  const asking = groups.map((group) => {
    const all = slice.flatMap(({ id, approval }) =>
      approval?.groups.includes(group) === true ? [{ id, approval }] : [],
    );
    const own = all.filter(({ id }) => askers.has(id));
    return { group, by: own.length > 0 ? own : all };
  });
  const asks = asking.map(({ group, by }) =>
    strictest(
      group,
      by.map(({ approval }) => approval),
    ),
  );
  return {
    asks: withoutVain(asks, enough),
    policies: [...new Set(asking.flatMap(({ by }) => by.map(({ id }) => id)))].sort(),
  };
}

function strictest(group: string, approvals: readonly Approval[]): Ask {
  const expiresSeconds = Math.min(...approvals.map((approval) => approval.expiresSeconds));
  const denials = Math.min(...approvals.map((approval) => approval.denials));
  const escalation = latest(approvals, expiresSeconds);
  return {
    group,
    quorum: Math.max(...approvals.map((approval) => approval.quorum)),
    expiresSeconds,
    ...(denials === 1 ? {} : { denials }),
    ...(approvals.some((approval) => approval.reminds) ? {} : { remind: 'off' as const }),
    ...(escalation === undefined ? {} : { escalation }),
    ...leaseOf(approvals),
  };
}

/** Only when all let it, and for the shortest time that any of them says. */
function leaseOf(approvals: readonly Approval[]): Pick<Ask, 'leaseSeconds'> {
  const seconds = approvals.map((approval) => approval.leaseSeconds ?? 0);
  const least = Math.min(...seconds);
  return least > 0 ? { leaseSeconds: least } : {};
}

/** Only when every policy that asks names the same second group; after the longest wait that any of them wants. */
function latest(approvals: readonly Approval[], expiresSeconds: number): Escalation | undefined {
  const [first, ...others] = approvals.map((approval) => approval.escalation);
  if (first === undefined || others.some((other) => other?.group !== first.group)) return undefined;
  const half = Math.floor(expiresSeconds / 2);
  const afterSeconds = Math.max(...approvals.map((approval) => approval.escalation?.afterSeconds ?? half));
  return afterSeconds < expiresSeconds ? { group: first.group, afterSeconds } : undefined;
}

/** Tried out one by one and all together; where either would not do, nobody is asked in vain. */
function withoutVain(asks: readonly Ask[], enough: (groups: readonly string[]) => boolean): readonly Ask[] {
  const instead = (chosen: (ask: Ask) => boolean): readonly string[] =>
    asks.map((ask) => (chosen(ask) ? (ask.escalation?.group ?? ask.group) : ask.group));
  const useful = asks.filter((ask) => ask.escalation !== undefined && enough(instead((one) => one === ask)));
  const together = enough(instead((ask) => useful.includes(ask)));
  return asks.map(({ escalation, ...ask }, at) => {
    const kept = together && useful.some(({ group }) => group === asks[at]?.group);
    return kept && escalation !== undefined ? { ...ask, escalation } : ask;
  });
}
