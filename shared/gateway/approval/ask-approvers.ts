import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { awaitsMeasure } from '../../domain/row-bound.ts';
import type { Session } from '../../domain/session.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Workflow } from '../ports/workflow.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { showMore } from './bring-up-to-date.ts';
import { previewQuestion, type PreviewDeps } from './preview-question.ts';
import { tellDue } from './remind.ts';
import { wakeWorkflow } from './wake-workflow.ts';

export interface AskDeps extends AnnounceDeps, PreviewDeps {
  readonly workflow: Workflow;
}

/** How a wait begins: `moment` seconds after the question, for the first time or the `attempt`th more. */
export interface Beginning {
  readonly taskToken: string;
  readonly moment?: number;
  readonly attempt?: number;
}

/** More attempts than the workflow makes of one wait. */
const ATTEMPTS = 1_000;

/** A number that is the higher the later a wait began: a token of an earlier one that is kept late wakes nobody. */
const turnOf = (moment: number, attempt: number): number => moment * ATTEMPTS + attempt;

/**
 * Every wait of the workflow begins with this, the first and those after a reminder, and again whenever the function
 * fails, so every step of it may be repeated. Keeps the token that wakes it, then tells people. A vote may come before
 * the token is kept (the question was on record already), so the session is read again after, and the workflow woken if
 * it ended. What the statement would touch is found out before anybody is told.
 */
export async function askApprovers(
  deps: AskDeps,
  session: string,
  { taskToken, moment = 0, attempt = 0 }: Beginning,
): Promise<Result<void, { message: string }>> {
  const saved = await deps.store.saveTaskToken(session, taskToken, turnOf(moment, attempt));
  if (!saved.ok) return err({ message: saved.error.message });
  const [stored, runtime] = await Promise.all([deps.store.get(session), deps.runtime.current()]);
  if (!stored.ok || stored.value === undefined) return err({ message: `session ${session} could not be read` });
  await wakeWorkflow(deps, stored.value.session, stored.value.sideCar);
  if (stored.value.session.ended !== undefined) return ok(undefined);
  if (!runtime.ok) return err({ message: runtime.error.message });
  const seen = await previewQuestion(deps, runtime.value, stored.value);
  const { gateway } = runtime.value.bundle;
  if (seen.session !== stored.value.session) await showHeard(deps, gateway, seen.session);
  return tellPeople(deps, gateway, seen.session, moment);
}

async function tellPeople(
  deps: AskDeps,
  config: GatewayConfig,
  session: Session,
  moment: number,
): Promise<Result<void, { message: string }>> {
  if (session.ended !== undefined) return ok(undefined);
  // Nobody could say yes to it: tried again until it is measured or its time is over.
  if (awaitsMeasure(session.asked?.bound, session.impact))
    return err({ message: `session ${session.id}: its rows are not measured yet` });
  await announce(deps, config, session);
  if (moment > 0) await tellDue(deps, config, session, moment);
  return ok(undefined);
}

/** The sweep may have told people before what it would touch was known: they are shown it now. */
async function showHeard(deps: AskDeps, config: GatewayConfig, session: Session): Promise<void> {
  const heard = await deps.notices.of(session.id);
  if (heard.ok && heard.value.length > 0) await showMore(deps, config, session);
}
