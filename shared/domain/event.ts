import type { JsonObject, JsonValue } from '../platform/json-value.ts';
import type { Vote } from './approval.ts';
import type { Agent } from './caller.ts';
import type { Ask, Decision } from './decision.ts';
import type { Effect } from './effect.ts';
import type { Impact } from './impact.ts';
import type { MaskedColumn, MaskedResult } from './result-set.ts';
import type { RowBound } from './row-bound.ts';
import type { Shape } from './shape.ts';
import type { Parameters } from './statement.ts';

/** Bytes that are too large for a session item, kept once in S3 and named by what they are. */
export interface BlobRef {
  readonly sha256: string;
  readonly bytes: number;
}

/** Text kept as it came: in place, or by reference when it is longer than an item should hold. */
export type KeptText = { readonly text: string } | { readonly blob: BlobRef };

/** What the caller said of itself. Unverified, and labelled so wherever it is shown. */
export interface ClaimedContext {
  readonly prompt?: string;
  readonly pipeline?: string;
  readonly ticket?: string;
  readonly [member: string]: JsonValue | undefined;
}

export interface Submitted {
  readonly agent: Agent;
  readonly connection: string;
  readonly environment?: string;
  readonly statement: KeptText;
  readonly parameters?: Parameters;
  readonly body?: JsonValue;
  readonly reason?: string;
  /** It asked to run without waiting for people. Whether it did is in `break_glass`. */
  readonly breakGlass?: true;
  /** Claimed by the caller, not verified. */
  readonly claimed?: JsonObject;
  /** Digest of the request, so that an `Idempotency-Key` can tell a repeat from another request. */
  readonly requestDigest: string;
  /** Set when the body could not even be read: what it was, not what it said. Connection and statement are then empty. */
  readonly unread?: BlobRef;
}

export interface Decided {
  /** `submit`: before anyone was asked. `run`: with the approvals really given, right before the target. */
  readonly phase: 'submit' | 'run';
  readonly decision: Decision;
  readonly effects: readonly Effect[];
  readonly catalogueVersion?: string;
}

export interface Asked {
  readonly asks: readonly Ask[];
  readonly expiresAt: string;
  readonly nonce: string;
  readonly seal: string;
  /** Its shape, where policy lets an approver answer for its like. */
  readonly shape?: Shape;
  /** Digest of where the connection pointed when it was asked; with the shape. */
  readonly target?: string;
  /** How many rows the approval is good for, where policy says so. */
  readonly bound?: RowBound;
}

/** What it would touch, found out before people answer. */
export interface Previewed {
  readonly impact: Impact;
  /** Where policy binds the approval to the measured number: the bound with that number, and the seal over it. */
  readonly sealed?: { readonly bound: RowBound; readonly seal: string };
}

/** When people are told of a question that waits. */
export type Occasion = 'halfway' | 'last_call' | 'escalation';

/** Somebody was told, and whom it did not reach. Channels, since that is whom Slack tells. */
export interface Told {
  /** `asked`: the question itself was posted. */
  readonly occasion: 'asked' | Occasion;
  readonly to: readonly { readonly group: string; readonly channel: string }[];
  readonly missed: readonly { readonly group: string; readonly channel: string; readonly why: string }[];
}

/** The first group was silent: from now on `to` is asked as well. */
export interface Escalated {
  readonly from: string;
  readonly to: string;
}

/** It ran without waiting for people, as policy lets this agent do. `skipped` were not asked, and owe a review. */
export interface BreakGlass {
  readonly reason: string;
  readonly skipped: readonly Ask[];
}

export type Ending = 'approved' | 'denied' | 'expired' | 'cancelled' | 'blocked' | 'failed';

/** The waiting is over. `why` is told to the agent: "expired" is not "denied". */
export interface Ended {
  readonly how: Ending;
  readonly why: string;
  readonly by?: string;
}

/** On record before the target is called. `credential` is a name (an ARN), never a secret. */
export interface Intent {
  readonly credential: string;
  readonly target: string;
  readonly approvals: readonly string[];
  /** The seal that this run consumes; absent where nobody was asked. */
  readonly seal?: string;
  /** The leases that it runs under, and who granted each. */
  readonly leases?: readonly { readonly lease: string; readonly by: string }[];
}

/** The same was asked again while it waited, and nobody was asked twice. */
export interface Joined {
  readonly requestDigest: string;
  readonly reason?: string;
}

/**
 * Stands for an answer as the target gave it, before masking, which is kept nowhere: HMAC-SHA-256 over its canonical JSON
 * under the installation's secret (`key` names which). Whoever holds that secret can tell whether some data is what the
 * target answered; whoever does not learns nothing from it.
 */
export interface UnmaskedDigest {
  readonly key: string;
  readonly hmac: string;
}

/** Columns that one rule decided on, by their place in the answer, from 0. */
export interface MaskedBy {
  readonly class: string;
  readonly rule: string;
  readonly columns: readonly number[];
}

/** What was done to an answer on its way out. Absent where nothing of it is classified and no detector found anything. */
export interface Masked {
  readonly masked: readonly MaskedBy[];
  /** Classified, and shown as it is because policy lets this agent see it. */
  readonly revealed: readonly MaskedBy[];
  /** Rules beyond those listed, where there are very many. */
  readonly more?: number;
}

export type Outcome =
  | {
      readonly kind: 'succeeded';
      readonly result: KeptResult;
      readonly targetMs: number;
      readonly unmasked?: UnmaskedDigest;
    }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string;
      readonly targetMs: number;
      /** Of the target's own code and message, where it was the target that refused. */
      readonly unmasked?: UnmaskedDigest;
    }
  | { readonly kind: 'unknown_outcome'; readonly message: string; readonly targetMs: number };

/** The masked answer, in place or by reference. The unmasked one is never kept. */
export type KeptResult =
  | { readonly inline: MaskedResult }
  | {
      readonly blob: BlobRef;
      /** Repeated here while they are few; the blob has them all. */
      readonly columns: readonly MaskedColumn[];
      readonly rowCount: number;
      readonly truncated: boolean;
    };

export interface Refused {
  /** Stable code of the problem that the caller was answered with. */
  readonly code: string;
  readonly message: string;
}

/** What happened, in the order it happened. A new kind is added here, in the zod schema and in `applyEvent`. */
export type EventBody =
  | { readonly type: 'submitted'; readonly data: Submitted }
  | { readonly type: 'refused'; readonly data: Refused }
  | { readonly type: 'decided'; readonly data: Decided }
  | { readonly type: 'asked'; readonly data: Asked }
  | { readonly type: 'previewed'; readonly data: Previewed }
  | { readonly type: 'voted'; readonly data: Vote }
  | { readonly type: 'joined'; readonly data: Joined }
  | { readonly type: 'told'; readonly data: Told }
  | { readonly type: 'escalated'; readonly data: Escalated }
  | { readonly type: 'break_glass'; readonly data: BreakGlass }
  | { readonly type: 'ended'; readonly data: Ended }
  | { readonly type: 'intent'; readonly data: Intent }
  | { readonly type: 'masked'; readonly data: Masked }
  | { readonly type: 'outcome'; readonly data: Outcome };

/** An event as it is kept: numbered from 0, each naming the hash of the one before it. */
export type SessionEvent = EventBody & {
  readonly v: 1;
  readonly session: string;
  readonly seq: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** A random UUID without its dashes (RFC 9562, version 4: 122 random bits): lets a writer recognise its own write when a retry reports failure of its success. */
  readonly nonce: string;
  readonly prev: string;
  readonly hash: string;
};
