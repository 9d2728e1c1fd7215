import type { ExecuteRequest } from '../../contracts/api/execute.ts';
import type { Connection } from '../../contracts/config/connection.ts';
import type { Agent } from '../../domain/caller.ts';
import type { EventBody, Submitted } from '../../domain/event.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Statement } from '../../domain/statement.ts';
import { digestOf, sha256Hex } from '../../platform/canonical.ts';
import { toJson, type JsonObject } from '../../platform/json-value.ts';
import { ok, type Result } from '../../platform/result.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { StoreFault } from '../ports/session-store.ts';
import { keepText } from '../run/keep.ts';

/** What was asked, as it goes on record. */
export interface Submission {
  readonly statement: Statement;
  readonly event: Extract<EventBody, { type: 'submitted' }>;
  readonly requestDigest: string;
  /** Settles when a large statement is durable in S3. */
  readonly stored: Promise<Result<unknown, StoreFault>>;
}

/**
 * Bytes of a submission on record, as JSON: prompt (64 KB), parameters, body, reason and a statement short enough to
 * stand in the item. One that fills its item could run and never have its outcome recorded.
 */
const MAX_BYTES = 98_304;

/** What of a request is too much to be kept, named; `undefined` when it fits. */
export function tooMuchToKeep(given: Submission): Refusal | undefined {
  const { data } = given.event;
  const sizes = { parameters: data.parameters, body: data.body, context: data.claimed, reason: data.reason };
  if (jsonBytes(data) <= MAX_BYTES) return undefined;
  const [largest] = Object.entries(sizes).sort(([, left], [, right]) => jsonBytes(right) - jsonBytes(left));
  const detail = `is too large: parameters, body, context and reason are kept on record, and at most ${MAX_BYTES} bytes of them. Send less at once: a part of it, or a patch of what changes.`;
  return { code: 'invalid_request', member: largest?.[0] ?? 'body', detail };
}

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value ?? null));

export function submission(
  blobs: BlobStore,
  agent: Agent,
  request: ExecuteRequest,
  connection: Connection | undefined,
): Submission {
  const { kept, stored } = keepText(blobs, request.statement);
  // `wait` is how long the caller holds the line, not part of what it asks.
  const requestDigest = digestOf(toJson({ ...request, wait: undefined }));
  const data: Submitted = {
    agent,
    connection: request.connection,
    ...(connection === undefined ? {} : { environment: connection.environment }),
    statement: kept,
    ...(request.parameters === undefined ? {} : { parameters: request.parameters }),
    ...(request.body === undefined ? {} : { body: toJson(request.body) }),
    ...(request.reason === undefined ? {} : { reason: request.reason }),
    ...(request.breakGlass === undefined ? {} : { breakGlass: request.breakGlass }),
    ...(request.context === undefined ? {} : { claimed: claimedOf(request.context) }),
    requestDigest,
  };
  return { statement: statementOf(request), event: { type: 'submitted', data }, requestDigest, stored };
}

/** A body that could not be read: kept as what it was (digest and size), not as what it said. */
export function unreadSubmission(agent: Agent, bytes: Uint8Array): Submission {
  const sha256 = sha256Hex(bytes);
  const data: Submitted = {
    agent,
    connection: '',
    statement: { text: '' },
    requestDigest: sha256,
    unread: { sha256, bytes: bytes.byteLength },
  };
  return {
    statement: { text: '' },
    event: { type: 'submitted', data },
    requestDigest: sha256,
    stored: Promise.resolve(ok(undefined)),
  };
}

/** The exact thing to run, as the request gives it. */
export function statementOf(request: ExecuteRequest): Statement {
  return {
    text: request.statement,
    ...(request.parameters === undefined ? {} : { parameters: request.parameters }),
    ...(request.body === undefined ? {} : { body: toJson(request.body) }),
  };
}

function claimedOf(context: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    Object.entries(context).flatMap(([name, value]) => (value === undefined ? [] : [[name, toJson(value)]])),
  );
}
