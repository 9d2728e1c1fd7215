import type { PostgresCatalogue } from '../../../shared/connectors/postgres/catalogue/index.ts';
import { analyze } from '../../../shared/connectors/postgres/understanding.ts';
import type { Case } from './cases.ts';
import type { Oracle } from './oracle.ts';

/** What came of one case. `missed`: called a read and is none. `alarm`: a read called something else. */
export interface Measured {
  readonly case: Case;
  readonly called: 'read' | 'other' | 'unreadable' | 'fault';
  readonly outcome: 'right' | 'missed' | 'alarm' | 'broken' | 'unanswerable';
  readonly why: string;
  readonly milliseconds: number;
}

/** Memory bombs stay reads (marked expensive); the oracle need not run them to know. */
const BOMB = /repeat|[lr]pad|array_fill|generate_series\([^)]*\d{6}/i;

export async function measure(one: Case, catalogue: PostgresCatalogue, oracle: Oracle): Promise<Measured> {
  const started = performance.now();
  const analysis = await analyze({ text: one.sql }, catalogue);
  const milliseconds = performance.now() - started;
  const effects = analysis.ok ? analysis.value.effects : [];
  const groups = new Set(effects.map((effect) => effect.group));
  const called = !analysis.ok
    ? 'fault'
    : groups.has('unreadable')
      ? 'unreadable'
      : effects.every((effect) => effect.group === 'read')
        ? 'read'
        : 'other';
  const reasons = analysis.ok
    ? effects
        .filter((effect) => effect.group !== 'read')
        .map((effect) =>
          effect.group === 'unreadable'
            ? String(effect.attributes['why'])
            : `${effect.action} ${effect.resource.name} ${String(effect.attributes['via'] ?? '')}`,
        )
        .join('; ')
    : analysis.error.message;
  const base = { case: one, called, milliseconds } as const;
  if (called !== 'read' && (one.truth === 'not' || one.truth === 'unknown'))
    return { ...base, outcome: 'right', why: '' };
  if (called === 'read' && one.truth === 'not') return { ...base, outcome: 'missed', why: 'labelled as no read' };
  const verdict = BOMB.test(one.sql) ? { kind: 'read' as const } : await oracle.judge(one.sql);
  if (verdict.kind === 'acted')
    return called === 'read'
      ? { ...base, outcome: 'missed', why: verdict.how }
      : { ...base, outcome: 'right', why: '' };
  if (verdict.kind === 'failed' && !verdict.message.includes('timeout'))
    return { ...base, outcome: one.truth === 'read' ? 'broken' : 'unanswerable', why: verdict.message };
  return called === 'read' ? { ...base, outcome: 'right', why: '' } : { ...base, outcome: 'alarm', why: reasons };
}
