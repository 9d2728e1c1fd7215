import type { DigestEntry } from '../../domain/digest.ts';
import type { SessionEvent } from '../../domain/event.ts';
import type { Session } from '../../domain/session.ts';
import type { SessionStatus } from '../../domain/session-status.ts';
import type { Guard, Held } from './guard.ts';
import type { Result } from '../../platform/result.ts';

/** The record could not be reached, or what it holds could not be read. Nothing may run on the strength of it. */
export interface StoreFault {
  readonly code: 'record_unavailable';
  readonly message: string;
}

/** What is known of a session beside its chain: handles of running machinery, never shown and never archived. */
export interface SideCar {
  /** Wakes the workflow. Never leaves the server: not in a URL, not in a button. */
  readonly taskToken?: string;
}

export interface StoredSession {
  readonly session: Session;
  readonly sideCar: SideCar;
  /** Set when it was reached by the id of a request that joined it: the digest of that request. */
  readonly joinedBy?: string;
}

export interface SessionFilter {
  /** Only this agent's (its `agentKey`); absent for auditors. */
  readonly agentKey?: string;
  /** Subject of an agent, as its tokens say. */
  readonly subject?: string;
  readonly connection?: string;
  readonly status?: SessionStatus;
  readonly pipeline?: string;
  /** Id of a person who voted. */
  readonly person?: string;
  /** Name of something that a statement touches, e.g. `public.customers`. */
  readonly table?: string;
  /** Only what ran under break-glass. */
  readonly breakGlass?: true;
  /** ISO 8601; `from` inclusive, `to` exclusive. */
  readonly from?: string;
  readonly to?: string;
  /** Case-insensitive piece of the statement. */
  readonly text?: string;
}

export interface SessionPage {
  readonly sessions: readonly Session[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

/** Where a session lies in the archive, and since when. */
export interface ArchivedObject extends DigestEntry {
  /** ISO 8601. */
  readonly at: string;
}

/** What still has to happen to a session, and by when somebody should look. Kept in a sparse index. */
export type OpenKind = 'unannounced' | 'waiting' | 'running' | 'unarchived';

/** A guard did not hold: nothing was written. */
export interface HeldBack {
  readonly kind: 'held';
  readonly by: Held;
}

export type Created =
  { readonly kind: 'created' } | { readonly kind: 'exists'; readonly stored: StoredSession } | HeldBack;

/**
 * Live sessions. Every write is one conditional write on the chain's head, so of two writers one wins; the winner's
 * nonce is in its event, so a retry that is told "failed" of its own success finds itself.
 */
export interface SessionStore {
  /**
   * Creates it, unless one with this id is there, which is then returned. With a guard, everything that it asks for
   * holds in the same write, or nothing is written and `held` says why.
   */
  create(events: readonly SessionEvent[], guard?: Guard): Promise<Result<Created, StoreFault>>;
  /** Appends to the chain `before` if nobody else has. `conflict`: somebody has; read again. */
  append(
    before: Session,
    events: readonly SessionEvent[],
    guard?: Guard,
  ): Promise<Result<'written' | 'conflict' | HeldBack, StoreFault>>;
  /** Lets `id`, the id that a repeat of this request would have, lead to the session that it joined. */
  join(id: string, session: string, requestDigest: string): Promise<Result<void, StoreFault>>;
  get(id: string): Promise<Result<StoredSession | undefined, StoreFault>>;
  list(
    filter: SessionFilter,
    limit: number,
    cursor?: string,
  ): Promise<Result<SessionPage, StoreFault | { code: 'invalid_cursor' }>>;
  /** Sessions of this agent that wait for people, counted up to `atMost`. */
  countWaiting(agentKey: string, atMost: number): Promise<Result<number, StoreFault>>;
  /**
   * The token of a wait; the later it began, the higher its `turn`; 0 when not said. One of an earlier wait that comes
   * late is dropped: nobody waits on it any more.
   */
  saveTaskToken(id: string, token: string, turn?: number): Promise<Result<void, StoreFault>>;
  /** True for the first who claims this occasion of this session, and for nobody after. */
  claim(id: string, occasion: string): Promise<Result<boolean, StoreFault>>;
  /** Every group that is asked has heard of it (or has no channel): from now on it is only waiting. */
  markAnnounced(session: Session): Promise<Result<void, StoreFault>>;
  /** Ids of sessions of this kind whose time is up, oldest first. */
  due(kind: OpenKind, before: Date, limit: number): Promise<Result<readonly string[], StoreFault>>;
  /**
   * Marks it archived, once: the sweep leaves it alone, and it waits for a digest to name it. Its time to live begins
   * when one has (ports/digest-queue.ts), so that nothing leaves the table that the archive cannot prove.
   */
  markArchived(id: string, deleteAfter: Date, object: ArchivedObject): Promise<Result<void, StoreFault>>;
}
