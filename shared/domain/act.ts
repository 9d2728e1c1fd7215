import { digestOf } from '../platform/canonical.ts';
import { toJson } from '../platform/json-value.ts';
import { GENESIS } from './chain.ts';
import type { StopScope } from './stop.ts';

/** What a person did to the gateway itself. What follows for sessions is on their own chains. */
export type ActBody =
  | { readonly type: 'stopped'; readonly data: { readonly scope: StopScope; readonly reason: string } }
  | {
      readonly type: 'resumed';
      readonly data: { readonly stop: string; readonly scope: StopScope; readonly reason: string };
    }
  | { readonly type: 'lease_revoked'; readonly data: { readonly lease: string; readonly reason: string } }
  | { readonly type: 'reviewed'; readonly data: Reviewed }
  | { readonly type: 'people_told'; readonly data: PeopleTold };

/** A person who was skipped has read what ran under a broken glass. */
export interface Reviewed {
  readonly session: string;
  readonly verdict: 'accepted' | 'objected';
  readonly comment: string;
  readonly via: 'slack' | 'api';
}

/** The gateway told people of a broken glass, or that its review is still owed. `by` is the gateway itself. */
export interface PeopleTold {
  readonly session: string;
  readonly occasion: 'break_glass' | 'review';
  readonly channels: readonly string[];
}

/** Who did an act that no person did. Ids of people begin with a letter and hold no colon. */
export const GATEWAY = 'gateway:';

/**
 * An act on record: a chain of one event, in the shape of a session's, so that whoever can verify the one can verify
 * the other. `session` is the id of the act.
 */
export type Act = ActBody & {
  readonly v: 1;
  readonly session: string;
  readonly seq: 0;
  /** Id of the person. */
  readonly by: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly nonce: string;
  readonly prev: string;
  readonly hash: string;
};

export function actOf(id: string, body: ActBody, by: string, at: Date, nonce: string): Act {
  const unhashed = {
    ...body,
    v: 1 as const,
    session: id,
    seq: 0 as const,
    by,
    at: at.toISOString(),
    nonce,
    prev: GENESIS,
  };
  return { ...unhashed, hash: digestOf(toJson(unhashed)) };
}

/** Ids of acts and of sessions never meet. */
export const isActId = (id: string): boolean => id.startsWith('act_');
