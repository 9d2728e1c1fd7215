import type { Ask } from './decision.ts';
import type { Asked, Occasion } from './event.ts';

/** Something to tell people while a question waits, so many seconds after it was put. */
export interface Moment {
  readonly afterSeconds: number;
  readonly occasion: Occasion;
}

/** One wait of the workflow: for so long, from the moment that is `moment` seconds after the question. */
export interface Wait {
  readonly seconds: number;
  readonly moment: number;
}

/** How long the question stands: the shortest that any group is given. */
export const secondsOf = (asks: readonly Ask[]): number => Math.min(...asks.map((ask) => ask.expiresSeconds));

/** Halfway people remember that they meant to answer; at nine tenths there is just time left to do it. */
const HALFWAY = 0.5;
const LAST_CALL = 0.9;

/**
 * What there is to tell, in order. Second groups are asked at one moment, the latest that any policy names, so that a
 * workflow has at most four waits. A moment past the end never comes.
 */
export function momentsOf(asks: readonly Ask[]): readonly Moment[] {
  const whole = secondsOf(asks);
  const escalations = asks.flatMap((ask) => ask.escalation?.afterSeconds ?? []);
  const moments: Moment[] = [
    ...(escalations.length === 0 ? [] : [{ afterSeconds: Math.max(...escalations), occasion: 'escalation' as const }]),
    ...(asks.some((ask) => ask.remind !== 'off')
      ? [
          { afterSeconds: Math.floor(whole * HALFWAY), occasion: 'halfway' as const },
          { afterSeconds: Math.floor(whole * LAST_CALL), occasion: 'last_call' as const },
        ]
      : []),
  ];
  return moments
    .filter(({ afterSeconds }) => afterSeconds >= 1 && afterSeconds < whole)
    .toSorted((left, right) => left.afterSeconds - right.afterSeconds);
}

/** The waits of a workflow that starts `elapsed` seconds after the question was put. Their sum is the time that is left. */
export function waitsOf(asks: readonly Ask[], elapsed: number): readonly Wait[] {
  const whole = secondsOf(asks);
  const ends = [...new Set(momentsOf(asks).map(({ afterSeconds }) => afterSeconds))].filter((end) => end > elapsed);
  return [...ends, Math.max(whole, elapsed + 1)].map((end, at, all) => {
    const moment = all[at - 1] ?? elapsed;
    return { seconds: end - moment, moment };
  });
}

/** Seconds since the question was put, whole and never negative: clocks of two functions may differ. */
export function elapsedOf({ asks, expiresAt }: Pick<Asked, 'asks' | 'expiresAt'>, now: Date): number {
  const left = Math.floor((Date.parse(expiresAt) - now.getTime()) / 1_000);
  return Math.min(Math.max(secondsOf(asks) - left, 0), secondsOf(asks));
}
