import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { groupsOf, needsOf } from '../../domain/approval.ts';
import type { ApprovalView } from '../../domain/approval-view.ts';
import type { Asked, EventBody, Occasion, Told } from '../../domain/event.ts';
import { momentsOf } from '../../domain/moments.ts';
import type { Session } from '../../domain/session.ts';
import { ok } from '../../platform/result.ts';
import { moveSession } from '../move-session.ts';
import type { NoticeRef } from '../ports/notifier.ts';
import { announce, isOpen, placesOf, viewOf, type AnnounceDeps } from './announce.ts';
import { showMore } from './bring-up-to-date.ts';

/**
 * Does what is due so many seconds after the question was put: asks the second groups, reminds whoever is still
 * wanted. Of reminders that were missed only the last is made up for: nobody needs to hear that half of the time is over
 * when nine tenths are.
 */
export async function tellDue(
  deps: AnnounceDeps,
  config: GatewayConfig,
  { id, asked }: Session,
  moment: number,
): Promise<void> {
  if (asked === undefined) return;
  const due = momentsOf(asked.asks).filter(({ afterSeconds }) => afterSeconds <= moment);
  if (due.some(({ occasion }) => occasion === 'escalation')) await escalate(deps, config, id);
  const reminder = due.findLast(({ occasion }) => occasion !== 'escalation');
  if (reminder !== undefined) await tell(deps, config, id, reminder.occasion);
}

/** On record first, for the vote of a second group counts only once the record says that it was asked. */
async function escalate(deps: AnnounceDeps, config: GatewayConfig, id: string): Promise<void> {
  const moved = await moveSession<never>(deps, id, (session) => ok(escalations(session)));
  if (!moved.ok || !isOpen(moved.value.session)) return;
  const { session } = moved.value;
  if (session.escalated.length === 0) return;
  await announce(deps, config, session);
  await tell(deps, config, id, 'escalation');
  const now = await deps.store.get(id);
  if (now.ok && now.value !== undefined) await showMore(deps, config, now.value.session);
}

/** Every question that is still short of people and has a second group which is not asked yet. */
function escalations(session: Session): readonly EventBody[] {
  if (!isOpen(session) || session.asked === undefined) return [];
  const { asks, seal } = session.asked;
  const wanted = new Set(needsOf(asks, session.votes, seal, session.escalated).map(({ group }) => group));
  const pairs = asks.flatMap(({ group, escalation }) =>
    escalation !== undefined && wanted.has(group) && !session.escalated.includes(escalation.group)
      ? [{ from: group, to: escalation.group }]
      : [],
  );
  // Two questions may lead to one second group: it is asked once.
  const fresh = pairs.filter(({ to }, at) => pairs.findIndex((other) => other.to === to) === at);
  return fresh.map((data) => ({ type: 'escalated', data }));
}

/**
 * Once for an occasion: whoever claims it tells it. A crash between claim and telling loses a reminder, which is better
 * than a channel that is told twice and stops listening. What was told is then put on record, and whom it did not reach.
 */
async function tell(deps: AnnounceDeps, config: GatewayConfig, id: string, occasion: Occasion): Promise<void> {
  const claimed = await deps.store.claim(id, occasion);
  const stored = claimed.ok && claimed.value ? await deps.store.get(id) : undefined;
  if (stored?.ok !== true || stored.value === undefined || !isOpen(stored.value.session)) return;
  const { session } = stored.value;
  const [view, notices] = await Promise.all([viewOf(deps, config, session), deps.notices.of(id)]);
  if (session.asked === undefined || view === undefined) return;
  const data = await tellEach(deps, config, { session, notices: notices.ok ? notices.value : [] }, view, occasion);
  await moveSession<never>(deps, id, (now) => ok(isOpen(now) ? [{ type: 'told', data }] : []));
}

async function tellEach(
  deps: AnnounceDeps,
  config: GatewayConfig,
  { session, notices }: { readonly session: Session; readonly notices: readonly NoticeRef[] },
  view: ApprovalView,
  occasion: Occasion,
): Promise<Told> {
  const places = session.asked === undefined ? [] : placesToRemind(config, session, session.asked, occasion);
  const told = await Promise.all(
    places.map(async (place) => {
      const notice = notices.find(({ channel }) => channel === place.channel);
      if (notice === undefined) return { ...place, why: 'the question itself could not be posted there' };
      const said = await deps.notifier.remind(view, notice, occasion);
      return said.ok ? place : { ...place, why: said.error.message };
    }),
  );
  return {
    occasion,
    to: told.flatMap((one) => ('why' in one ? [] : [one])),
    missed: told.flatMap((one) => ('why' in one ? [one] : [])),
  };
}

/** The channels of the groups that are still wanted; for a reminder, of those that policy lets remind. */
function placesToRemind(config: GatewayConfig, session: Session, asked: Asked, occasion: Occasion): Told['to'] {
  const wanted = new Set(needsOf(asked.asks, session.votes, asked.seal, session.escalated).map(({ group }) => group));
  const groups = asked.asks
    .filter((ask) => wanted.has(ask.group) && (occasion === 'escalation' || ask.remind !== 'off'))
    .flatMap((ask) => groupsOf(ask, session.escalated));
  const places = placesOf(config, groups);
  return config.slack === undefined
    ? []
    : places.filter(({ channel }, at) => places.findIndex((other) => other.channel === channel) === at);
}
