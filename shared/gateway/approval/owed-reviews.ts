import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import { actOf, GATEWAY, type PeopleTold } from '../../domain/act.ts';
import { reviewActId, skippedGroups, type Review } from '../../domain/review.ts';
import type { Session } from '../../domain/session.ts';
import type { Controls } from '../ports/controls.ts';
import type { NoticeRef } from '../ports/notifier.ts';
import { channelsFor, postTo, viewOf, type AnnounceDeps } from './announce.ts';

export interface ReviewDeps extends AnnounceDeps {
  readonly controls: Pick<Controls, 'acts' | 'reviews'>;
}

/** The workflow tells within a second or two; this is for when it could not. */
export const FIRST_LOOK_SECONDS = 120;
/** Once a day, until somebody has looked. */
const REMIND_HOURS = 24;
/** Told again so soon where not everybody could be told. */
const AGAIN_SECONDS = 300;

/** Posts what ran under break-glass to every group that was skipped and has not heard. True when all have. */
export async function tellWhoWasSkipped(deps: ReviewDeps, config: GatewayConfig, session: Session): Promise<boolean> {
  const [view, heard] = await Promise.all([viewOf(deps, config, session), deps.notices.of(session.id)]);
  if (session.breakGlass === undefined || view === undefined || !heard.ok) return false;
  const channels = channelsFor(config, skippedGroups(session.breakGlass.skipped), heard.value);
  const posted = await Promise.all(
    channels.map(async (channel) => ((await postTo(deps, view, channel)) ? [channel] : [])),
  );
  const told = posted.flat();
  if (told.length > 0) await onRecord(deps, { session: session.id, occasion: 'break_glass', channels: told });
  return told.length === channels.length;
}

/** What the sweep does for a review that is due: told at last, reminded of, or found to be closed or never owed. */
export async function tendReview(deps: ReviewDeps, config: GatewayConfig, id: string): Promise<void> {
  const [review, act, stored] = await Promise.all([
    deps.controls.reviews.get(id),
    deps.controls.acts.get(reviewActId(id)),
    deps.store.get(id),
  ]);
  if (!review.ok || !act.ok || !stored.ok || review.value === undefined) return;
  const now = deps.clock();
  const session = stored.value?.session;
  if (session?.breakGlass === undefined) {
    // Owed before it was to run, and it never did: the record could not be written, or somebody had stopped it.
    await deps.controls.reviews.drop(id, now);
  } else if (act.value?.type === 'reviewed') {
    const { verdict, comment, via } = act.value.data;
    const closed = { by: act.value.by, at: act.value.at, act: act.value.session, verdict, comment, via };
    await deps.controls.reviews.close({ ...review.value, closed }, laterBy(now, config.retention.liveDays * 24));
  } else await remind(deps, config, session, review.value);
}

async function remind(deps: ReviewDeps, config: GatewayConfig, session: Session, review: Review): Promise<void> {
  const now = deps.clock();
  const heard = await deps.notices.of(session.id);
  const all = await tellWhoWasSkipped(deps, config, session);
  const next = all ? laterBy(now, REMIND_HOURS) : new Date(now.getTime() + AGAIN_SECONDS * 1_000);
  const firstDay = now.getTime() - Date.parse(review.since) < REMIND_HOURS * 3_600_000;
  // Only who had heard before is reminded; who hears now for the first time has just been told all of it.
  const told = firstDay || !heard.ok ? [] : await remindEach(deps, config, session, heard.value);
  if (told.length > 0) await onRecord(deps, { session: review.session, occasion: 'review', channels: told });
  await deps.controls.reviews.postpone(review.session, next);
}

async function remindEach(
  deps: ReviewDeps,
  config: GatewayConfig,
  session: Session,
  notices: readonly NoticeRef[],
): Promise<readonly string[]> {
  const view = await viewOf(deps, config, session);
  const day = deps.clock().toISOString().slice(0, 10);
  const claimed = view === undefined ? undefined : await deps.store.claim(session.id, `review_${day}`);
  if (view === undefined || claimed?.ok !== true || !claimed.value) return [];
  const said = await Promise.all(
    notices.map(async (notice) => ((await deps.notifier.remind(view, notice, 'review')).ok ? [notice.channel] : [])),
  );
  return said.flat();
}

/** The session's chain has ended by then, so that people were told is an act of its own. */
async function onRecord(deps: ReviewDeps, told: PeopleTold): Promise<void> {
  const act = actOf(`act_${deps.nonce()}`, { type: 'people_told', data: told }, GATEWAY, deps.clock(), deps.nonce());
  const kept = await deps.controls.acts.create(act);
  if (!kept.ok) deps.log.error('telling not on record', { session: told.session, fault: kept.error.message });
}

const laterBy = (now: Date, hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
