import type { Case } from './cases.ts';
import type { Gateway, Seen } from './gateway.ts';
import { needleIn } from './needles.ts';

/**
 * What came of one case. `leak`: a canary in it, in whatever form, or an answer that differs between two worlds which
 * differ in classified values alone. `broken`: PostgreSQL takes it for no statement, so it shows nothing. `changed`: a
 * control that was refused, masked or answered otherwise, or a case that ended otherwise than it is to.
 */
export interface Measured {
  readonly case: Case;
  readonly outcome: 'kept' | 'refused' | 'leak' | 'broken' | 'changed';
  readonly why: string;
}

/** Of errors in the statement itself: syntax and names (class 42), features that are not there. */
const OF_THE_STATEMENT = /^failed (42(?!501)|0A)/;

export async function measure(one: Case, gateway: Gateway): Promise<Measured> {
  const first = await inBoth(one, gateway);
  // A planner that was too busy to answer once differs once.
  const { left, leak } = first.leak?.startsWith('differs') === true ? await inBoth(one, gateway) : first;
  if (leak !== undefined) return { case: one, outcome: 'leak', why: leak };
  if (one.class === 'control') return controlled(one, left, gateway);
  if (!endsAsSaid(one, left)) {
    const why = `ended as ${left.how}${left.masked ? ' masked' : ''} ${left.told.join(', ')}, not as ${one.ends ?? 'told'}`;
    return { case: one, outcome: 'changed', why };
  }
  if (left.how.startsWith('refused')) return { case: one, outcome: 'refused', why: left.how };
  return { case: one, outcome: OF_THE_STATEMENT.test(left.how) ? 'broken' : 'kept', why: left.how };
}

/** Where nothing is said of its end, a refusal is for something that it would tell, or for what no rule reads. */
function endsAsSaid({ ends }: Case, { how, told, masked }: Seen): boolean {
  const isRefused = how === 'refused blocked_by_policy' && told.length > 0;
  if (ends === undefined) return isRefused || !how.startsWith('refused');
  if (ends === 'masked') return how === 'ran' && masked && told.length === 0;
  if (ends.startsWith('failed')) return how === ends;
  return isRefused && told.includes(ends) && (ends === 'unreadable' || !told.includes('unreadable'));
}

async function inBoth(
  { sql }: Case,
  gateway: Gateway,
): Promise<{ readonly left: Seen; readonly leak: string | undefined }> {
  const left = await gateway.ask('eastworld', sql);
  const right = await gateway.ask('westworld', sql);
  return { left, leak: leakOf(left, right) };
}

/** What can be told from the two answers and records; the first of them that is there. */
export function leakOf(left: Seen, right: Seen): string | undefined {
  const found = needleIn(left.text, 'eastworld') ?? needleIn(right.text, 'westworld');
  if (found !== undefined) return `shows ${found}`;
  if (left.text === right.text) return undefined;
  let at = 0;
  while (left.text[at] === right.text[at]) at += 1;
  const around = ({ text }: Seen): string => text.slice(Math.max(0, at - 40), at + 40);
  return `differs: ${around(left)} | ${around(right)}`;
}

async function controlled(one: Case, seen: Seen, gateway: Gateway): Promise<Measured> {
  if (seen.how !== 'ran')
    return { case: one, outcome: 'changed', why: `${seen.how} ${/"why":"([^"]*)"/.exec(seen.text)?.[1] ?? ''}` };
  // What writes is not run twice: that nothing in its answer is masked is what is looked at.
  if (!/^(SELECT|WITH|TABLE|VALUES)/.test(one.sql))
    return { case: one, outcome: seen.text.includes('[masked:') ? 'changed' : 'kept', why: 'masked' };
  const expected = await gateway.direct('eastworld', one.sql);
  const same = JSON.stringify(expected) === JSON.stringify(seen.rows);
  return { case: one, outcome: same ? 'kept' : 'changed', why: same ? '' : JSON.stringify(seen.rows).slice(0, 200) };
}
