import type { Masked, MaskedBy } from '../domain/event.ts';
import { UNTRACED } from '../domain/lineage.ts';
import type { MaskedColumn } from '../domain/result-set.ts';
import type { MaskPlan } from './plan.ts';

/**
 * Rules that are listed, so that an account takes 24 KB of its item at most: 100 rules of 160 bytes, and the places of
 * 1,664 columns (PostgreSQL's most) of 5.
 */
const MAX_RULES = 100;

/** What was masked in an answer and what was shown although it is classified, by rule; nothing where there was neither. */
export function accountOf(plan: MaskPlan, columns: readonly MaskedColumn[]): Masked | undefined {
  const masked = byRule(
    columns.flatMap((column, at) =>
      column.masked ? [{ class: column.class ?? UNTRACED, rule: column.rule ?? '', at }] : [],
    ),
  );
  const revealed = byRule(revealedBy(plan).filter(({ at }) => columns[at]?.masked === false));
  if (masked.length + revealed.length === 0) return undefined;
  const listed = { masked: masked.slice(0, MAX_RULES), revealed: revealed.slice(0, MAX_RULES) };
  const more = masked.length + revealed.length - listed.masked.length - listed.revealed.length;
  return { ...listed, ...(more === 0 ? {} : { more }) };
}

interface Decided {
  readonly class: string;
  readonly rule: string;
  readonly at: number;
}

function revealedBy(plan: MaskPlan): readonly Decided[] {
  if (!('columns' in plan)) return [];
  return plan.columns.flatMap((mask, at) =>
    mask.kind === 'reveal' ? [{ class: mask.class, rule: mask.rule, at }] : [],
  );
}

function byRule(decided: readonly Decided[]): readonly MaskedBy[] {
  const groups = Map.groupBy(decided, (one) => JSON.stringify([one.class, one.rule]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [{ class: first.class, rule: first.rule.slice(0, MAX_RULE_LENGTH), columns: group.map(({ at }) => at) }];
  });
}

/** Of a rule as it is listed: patterns of configuration are shorter, reasons of unknown lineage may quote a name. */
const MAX_RULE_LENGTH = 120;
