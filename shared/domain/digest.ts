/** One archived object as a digest names it. */
export interface DigestEntry {
  /** Key in the archive bucket. */
  readonly key: string;
  /** SHA-256 of the object's bytes, as they lie there. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * What the archive took in during an hour, in the shape of CloudTrail's digest files: every object once, by its hash,
 * and the digest before it by its own. So whoever has the last digest and the public key can prove all that came before.
 */
export interface Digest {
  /** Says what is signed, so that a signature over this can never be taken for one over something else. */
  readonly kind: 'countersign-archive-digest';
  readonly v: 1;
  /** Name of the archive: digests of two gateways cannot be mixed. */
  readonly archive: string;
  /** First instant of the hour, ISO 8601 in UTC. */
  readonly hour: string;
  /** The digest of the hour before; `null` in the first one of all. */
  readonly previous: { readonly key: string; readonly sha256: string } | null;
  /** By key. Those that became durable before the hour was closed, shortly after its end, and are in no digest before. */
  readonly objects: readonly DigestEntry[];
  /** Objects in this digest and all before it. */
  readonly total: number;
}

/** A digest as it is kept: `signature` is ECDSA (P-256, SHA-256, DER in base64) over the canonical JSON of `digest`. */
export interface SignedDigest {
  readonly digest: Digest;
  /** SHA-256 of the public key (SubjectPublicKeyInfo, DER): which key it is, not a reason to trust it. */
  readonly key: string;
  readonly signature: string;
}

export const DIGESTS = 'digests/';
export const SESSIONS = 'sessions/';
export const BLOBS = 'blobs/';
/** Public keys that have signed digests, by fingerprint. A convenience: whoever verifies brings the key along. */
export const KEYS = 'keys/';
/** Outcomes that the table would not take; see ports/pending-outcomes.ts. */
export const OUTCOMES = 'outcomes-pending/';

const HOUR_MS = 3_600_000;

/** The hour that holds an instant. */
export const hourOf = (instant: Date): string =>
  new Date(Math.floor(instant.getTime() / HOUR_MS) * HOUR_MS).toISOString();

/** The hour `by` hours later. */
export const hourAfter = (hour: string, by = 1): string => new Date(Date.parse(hour) + by * HOUR_MS).toISOString();

/**
 * An hour is closed a little late, and takes what was delivered until then: a session that ended in the last second of
 * an hour is archived in the first of the next, and must not stand there as one that its hour was signed without.
 */
export const CLOSING_MS = 120_000;

/** When the digest of an hour may be written. */
export const closingOf = (hour: string): string => new Date(Date.parse(hourAfter(hour)) + CLOSING_MS).toISOString();

/** `digests/2026/11/21/07.json`: keys sort as hours do. */
export const digestKey = (hour: string): string =>
  `${DIGESTS}${hour.slice(0, 10).replaceAll('-', '/')}/${hour.slice(11, 13)}.json`;

/** The hour that a key names; `undefined` for what is no digest's key. */
export function hourOfKey(key: string): string | undefined {
  const [, year, month, day, hour] = /^digests\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\.json$/.exec(key) ?? [];
  if (hour === undefined) return undefined;
  const instant = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour}:00:00.000Z`);
  if (Number.isNaN(instant)) return undefined;
  const text = new Date(instant).toISOString();
  // 31 February parses in some engines; a key that would not come out again is none.
  return digestKey(text) === key ? text : undefined;
}

/** The digest that follows `last` for `hour`. */
export function nextDigest(
  of: { readonly archive: string; readonly hour: string },
  last: { readonly key: string; readonly sha256: string; readonly total: number } | undefined,
  objects: readonly DigestEntry[],
): Digest {
  return {
    kind: 'countersign-archive-digest',
    v: 1,
    archive: of.archive,
    hour: of.hour,
    previous: last === undefined ? null : { key: last.key, sha256: last.sha256 },
    objects: objects.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    total: (last?.total ?? 0) + objects.length,
  };
}
