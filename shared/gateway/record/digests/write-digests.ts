import {
  CLOSING_MS,
  closingOf,
  digestKey,
  hourAfter,
  hourOf,
  KEYS,
  nextDigest,
  type Digest,
} from '../../../domain/digest.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { err, ok, type Result } from '../../../platform/result.ts';
import type { DigestQueue } from '../../ports/digest-queue.ts';
import type { DigestSigner } from '../../ports/digest-signer.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { sessionOfKey } from '../archive-object.ts';
import { digestBytes, isSigned, signedText, verifyingKey } from './digest-object.ts';
import { keptDigest, lastDigest, type KeptDigest } from './last-digest.ts';

export interface DigestDeps {
  readonly queue: DigestQueue;
  readonly archive: ObjectStore;
  /** Name of the archive, which digests carry. */
  readonly archiveName: string;
  readonly signer: DigestSigner;
  /**
   * A bucket of somebody else's, where every digest is copied before the next is written: then even the owner of this
   * archive cannot begin anew. While it is away digests wait; the sessions they will name are archived all the same.
   */
  readonly anchor?: ObjectStore;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DigestReport {
  /** Hours that have a digest now and had none before. */
  readonly written: number;
  readonly objects: number;
  /** The newest hour that has one, as ISO 8601. */
  readonly newest?: string;
}

/** Objects in one digest: about 25 MB of JSON. What is over goes into the next, which comes as soon. */
const MAX_OBJECTS = 100_000;
/** Hours made up for in one run, so that a run ends; the next goes on. */
const MAX_HOURS = 48;

/**
 * Writes the digest of every hour that has ended and has none, in order, empty hours too. Safe to repeat, to kill
 * anywhere and to run twice at once: the key of an hour is fixed and created once, so of two candidates one is the
 * digest and both go on from it; and what a digest names leaves the queue before the next is put together.
 */
export async function writeDigests(deps: DigestDeps): Promise<Result<DigestReport, StoreFault>> {
  const now = deps.clock();
  const found = await lastDigest(deps.archive, now);
  if (!found.ok) return found;
  let last = found.value;
  const report = { written: 0, objects: 0 };
  for (let hour = firstHour(last, now); report.written < MAX_HOURS && isClosed(hour, now); hour = hourAfter(hour)) {
    const ready = last === undefined ? ok(undefined) : await conclude(deps, last);
    if (!ready.ok) return ready;
    const next = await digestHour(deps, hour, last);
    if (!next.ok) return next;
    last = next.value;
    report.objects += last.signed.digest.objects.length;
    report.written += 1;
  }
  // Again at every run, though it is done already as a rule: whatever kept the last run from it is made up for here.
  const concluded = last === undefined ? ok(undefined) : await conclude(deps, last);
  const newest = last === undefined ? {} : { newest: last.signed.digest.hour };
  return concluded.ok ? ok({ ...report, ...newest }) : concluded;
}

/** Where there is none yet, the record begins with the last hour that has ended. */
const firstHour = (last: KeptDigest | undefined, now: Date): string =>
  last === undefined ? hourAfter(hourOf(new Date(now.getTime() - CLOSING_MS)), -1) : hourAfter(last.signed.digest.hour);

const isClosed = (hour: string, now: Date): boolean => closingOf(hour) <= now.toISOString();

async function digestHour(
  deps: DigestDeps,
  hour: string,
  last: KeptDigest | undefined,
): Promise<Result<KeptDigest, StoreFault>> {
  const pending = await deps.queue.pending(closingOf(hour), MAX_OBJECTS);
  if (!pending.ok) return pending;
  if (pending.value.length === MAX_OBJECTS) deps.log.warn('digest is full, the rest goes into the next', { hour });
  const entries = pending.value.map(({ key, sha256, bytes }) => ({ key, sha256, bytes }));
  const before = last === undefined ? undefined : { ...last, total: last.signed.digest.total };
  const key = digestKey(hour);
  const created = await create(deps, key, nextDigest({ archive: deps.archiveName, hour }, before, entries));
  if (!created.ok) return created;
  // Read back in any case: somebody else's candidate may have been first.
  return keptDigest(deps.archive, key);
}

async function create(deps: DigestDeps, key: string, digest: Digest): Promise<Result<unknown, StoreFault>> {
  const [publicKey, signature] = await Promise.all([
    deps.signer.publicKey(),
    deps.signer.sign(Buffer.from(sha256Hex(signedText(digest)), 'hex')),
  ]);
  if (!publicKey.ok) return publicKey;
  if (!signature.ok) return signature;
  const signed = { digest, key: publicKey.value.fingerprint, signature: signature.value };
  const verifying = verifyingKey(publicKey.value.pem);
  // A digest stays for years: one that would not verify is not written.
  if (!verifying.ok || !isSigned(signed, verifying.value))
    return err({ code: 'record_unavailable', message: `the signature of ${key} does not verify` });
  const pem = new TextEncoder().encode(publicKey.value.pem);
  const exported = await deps.archive.create(`${KEYS}${publicKey.value.fingerprint}.pem`, pem);
  return exported.ok ? deps.archive.create(key, digestBytes(signed)) : exported;
}

/** What must be done with a digest before the next: it is anchored, and what it names is out of the queue. */
async function conclude(deps: DigestDeps, kept: KeptDigest): Promise<Result<unknown, StoreFault>> {
  const anchored = await deps.anchor?.create(kept.key, digestBytes(kept.signed));
  if (anchored?.ok === false) return anchored;
  return deps.queue.settle(kept.signed.digest.objects.map(({ key }) => sessionOfKey(key)));
}
