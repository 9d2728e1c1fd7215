import { DIGESTS, digestKey, hourAfter, hourOf, hourOfKey, type SignedDigest } from '../../../domain/digest.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import { err, ok, type Result } from '../../../platform/result.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { readDigest } from './digest-object.ts';

/** A digest in the archive, with the hash by which the next one names it. */
export interface KeptDigest {
  readonly key: string;
  readonly sha256: string;
  readonly signed: SignedDigest;
}

/** Hours that one page of a listing holds (S3 gives a thousand keys): the usual case is one call. */
const RECENT_HOURS = 900;

/** The newest digest; `undefined` when there has never been one. One that cannot be read is a fault, not a new start. */
export async function lastDigest(store: ObjectStore, now: Date): Promise<Result<KeptDigest | undefined, StoreFault>> {
  const recent = await lastKey(store, digestKey(hourAfter(hourOf(now), -RECENT_HOURS)));
  if (!recent.ok) return recent;
  const key = recent.value === undefined ? await lastKey(store, DIGESTS) : recent;
  if (!key.ok) return key;
  return key.value === undefined ? ok(undefined) : keptDigest(store, key.value);
}

async function lastKey(store: ObjectStore, after: string): Promise<Result<string | undefined, StoreFault>> {
  let last: string | undefined;
  for await (const object of store.list(DIGESTS, after)) {
    if (!object.ok) return object;
    if (hourOfKey(object.value.key) !== undefined) last = object.value.key;
  }
  return ok(last);
}

export async function keptDigest(store: ObjectStore, key: string): Promise<Result<KeptDigest, StoreFault>> {
  const bytes = await store.read(key);
  if (!bytes.ok) return bytes;
  if (bytes.value === undefined) return unreadable(key, 'it is gone');
  const signed = readDigest(bytes.value);
  if (!signed.ok) return unreadable(key, signed.error);
  return ok({ key, sha256: sha256Hex(bytes.value), signed: signed.value });
}

const unreadable = (key: string, why: string): { ok: false; error: StoreFault } =>
  err({ code: 'record_unavailable', message: `${key} cannot be read as a digest: ${why}` });
