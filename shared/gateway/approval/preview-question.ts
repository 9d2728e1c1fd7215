import type { EventBody } from '../../domain/event.ts';
import { measuredBound } from '../../domain/row-bound.ts';
import { sealOf, type SealedMatter } from '../../domain/seal.ts';
import type { Session } from '../../domain/session.ts';
import { ok } from '../../platform/result.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { SessionStore, StoredSession } from '../ports/session-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import { moveSession } from '../move-session.ts';
import { findConnection, type JudgeDeps } from '../run/judge.ts';
import type { Runtime, Surroundings } from '../runtime.ts';
import { textOf } from './announce.ts';
import { findImpact, type Found } from './find-impact.ts';
import { sealedMatter, statementOnRecord } from './sealed-matter.ts';
import { wakeWorkflow } from './wake-workflow.ts';

export interface PreviewDeps extends Surroundings, JudgeDeps {
  readonly store: SessionStore;
  readonly blobs: BlobStore;
  readonly workflow: Workflow;
}

/**
 * Finds out what a waiting statement would touch and puts it on record, once, before people are told of the question; the
 * agent has had its answer by now. Where policy binds the approval to the measured number, the question is sealed again
 * with it, and nobody could say yes before. A bound that cannot be had or enforced ends the question instead.
 */
export async function previewQuestion(
  deps: PreviewDeps,
  runtime: Runtime,
  stored: StoredSession,
): Promise<StoredSession> {
  const { session } = stored;
  if (!isToBePreviewed(session)) return stored;
  const text = await textOf(deps.blobs, session.submitted.statement);
  const connection = findConnection(runtime, session.submitted.agent, session.submitted.connection);
  // What of this is wrong is said right before the run, where it matters; here there is nothing to measure.
  if (text === undefined || !connection.ok) return stored;
  const statement = statementOnRecord(session, text);
  const found = await findImpact(deps, runtime, session, connection.value, statement);
  const moved = await moveSession<never>(deps, session.id, (now) =>
    ok(
      isToBePreviewed(now)
        ? stepsOf(now, found, sealedMatter(now, now.asked, connection.value, statement, policyVersionOf(now)))
        : [],
    ),
  );
  if (!moved.ok) {
    deps.log.warn('preview not on record', { session: session.id, fault: moved.error.code });
    return stored;
  }
  const after = { session: moved.value.session, sideCar: moved.value.sideCar };
  if (after.session.ended?.how === 'blocked') await wakeWorkflow(deps, after.session, after.sideCar);
  return after;
}

const isToBePreviewed = (session: Session): session is Session & { readonly asked: NonNullable<Session['asked']> } =>
  session.asked !== undefined &&
  session.impact === undefined &&
  session.ended === undefined &&
  session.status === 'pending_approval';

/** That of the question, whatever has come into force since: the seal is over what was asked. */
const policyVersionOf = ({ decided }: Session): string => decided?.decision.policyVersion ?? '';

function stepsOf(session: Session, { impact, unbindable }: Found, matter: SealedMatter): readonly EventBody[] {
  const seen: EventBody = { type: 'previewed', data: { impact } };
  const blocked = (why: string): readonly EventBody[] => [seen, { type: 'ended', data: { how: 'blocked', why } }];
  const bound = session.asked?.bound;
  if (bound === undefined) return [seen];
  if (unbindable !== undefined)
    return blocked(`Policy binds its approval to a number of rows, and they cannot be counted here: ${unbindable}`);
  const measured = measuredBound(bound, impact);
  if (!measured.ok) return blocked(measured.error);
  if (bound.tolerancePercent === undefined) return [seen];
  const sealed = { bound: measured.value, seal: sealOf({ ...matter, bound: measured.value }) };
  return [{ type: 'previewed', data: { impact, sealed } }];
}
