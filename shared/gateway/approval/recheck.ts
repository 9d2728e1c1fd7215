import type { Connection } from '../../contracts/config/connection.ts';
import { barredFromVoting, tally } from '../../domain/approval.ts';
import { findChainFault } from '../../domain/chain.ts';
import { awaitsMeasure } from '../../domain/row-bound.ts';
import { sealOf } from '../../domain/seal.ts';
import type { Session } from '../../domain/session.ts';
import type { Statement } from '../../domain/statement.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Runtime } from '../runtime.ts';
import { voterOf } from './people.ts';
import { sealedMatter } from './sealed-matter.ts';

/** Why the seal no longer holds, in words for the agent; `undefined` when every sealed thing is as it was. */
export function checkSeal(
  runtime: Runtime,
  session: Session,
  connection: Connection,
  statement: Statement,
  now: Date,
): string | undefined {
  const { asked } = session;
  if (asked === undefined) return 'Nobody was asked.';
  if (findChainFault(session.events) !== undefined) return 'The record of this session does not hold together.';
  if (now.toISOString() >= asked.expiresAt) return 'The approval came as its time ran out.';
  if (awaitsMeasure(asked.bound, session.impact)) return 'Its rows were never measured.';
  const matter = sealedMatter(session, asked, connection, statement, runtime.engine.version);
  if (sealOf(matter) === asked.seal) return undefined;
  if (session.decided?.decision.policyVersion !== runtime.engine.version)
    return 'The policies changed after people were asked.';
  return 'What was approved is not what is stored, or the connection points elsewhere now.';
}

/** Counts the votes again with the groups people are in now. Whoever has left the group since no longer counts. */
export function stillApproved(runtime: Runtime, session: Session): Result<readonly string[], string> {
  const { asked, submitted, escalated } = session;
  if (asked === undefined) return err('Nobody was asked.');
  const votes = session.votes.flatMap((vote) => {
    const person = voterOf(runtime.bundle.gateway, { via: 'api', person: vote.person });
    if (person === undefined || barredFromVoting(person, submitted.agent, asked.asks, escalated) !== undefined)
      return [];
    return [{ ...vote, groups: vote.groups.filter((group) => person.groups.includes(group)) }];
  });
  const count = tally(asked.asks, votes, asked.seal, escalated);
  return count.state === 'approved' ? ok(count.satisfied) : err('People who approved it may no longer do so.');
}
