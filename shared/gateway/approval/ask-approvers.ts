import { err, ok, type Result } from '../../platform/result.ts';
import type { Workflow } from '../ports/workflow.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { previewQuestion, type PreviewDeps } from './preview-question.ts';
import { tellDue } from './remind.ts';
import { wakeWorkflow } from './wake-workflow.ts';

export interface AskDeps extends AnnounceDeps, PreviewDeps {
  readonly workflow: Workflow;
}

/**
 * Every wait of the workflow begins with this, the first and those after a reminder: `moment` is how many seconds after
 * the question it does. Keeps the token that wakes it, then tells people. A vote may come before the token is
 * kept (the question was on record already), so the session is read again after, and the workflow woken if it ended.
 * What the statement would touch is found out before anybody is told.
 */
export async function askApprovers(
  deps: AskDeps,
  session: string,
  taskToken: string,
  moment = 0,
): Promise<Result<void, { message: string }>> {
  const saved = await deps.store.saveTaskToken(session, taskToken, moment);
  if (!saved.ok) return err({ message: saved.error.message });
  const [stored, runtime] = await Promise.all([deps.store.get(session), deps.runtime.current()]);
  if (!stored.ok || stored.value === undefined) return err({ message: `session ${session} could not be read` });
  await wakeWorkflow(deps, stored.value.session, stored.value.sideCar);
  if (stored.value.session.ended !== undefined || !runtime.ok) return ok(undefined);
  const seen = await previewQuestion(deps, runtime.value, stored.value);
  if (seen.session.ended !== undefined) return ok(undefined);
  await announce(deps, runtime.value.bundle.gateway, seen);
  if (moment > 0) await tellDue(deps, runtime.value.bundle.gateway, seen, moment);
  return ok(undefined);
}
