import { digestKey, hourAfter, hourOf } from '../../../domain/digest.ts';
import type { Clock } from '../../../platform/clock.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import type { VerifyingKey } from '../digests/digest-object.ts';
import { checkBeginning, checkDigests, type CheckedDigests, type HourRange } from './check-digests.ts';
import { checkAnchor } from './check-anchor.ts';
import { checkBlobs } from './check-blobs.ts';
import { checkFolders } from './check-folders.ts';
import { Findings, Loose, type Finding } from './finding.ts';
import type { Ledger } from './ledger.ts';

export interface VerifyDeps {
  readonly reader: ObjectReader;
  /** Keys that are trusted; brought along, never taken from the archive. */
  readonly keys: readonly VerifyingKey[];
  readonly ledger: Ledger;
  /** Copies of the digests in somebody else's hands. */
  readonly anchor?: ObjectReader;
  readonly clock: Clock;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly objects: number;
  readonly bytes: number;
}

export interface VerifyReport {
  /** Nothing wrong was found. */
  readonly intact: boolean;
  /** The first is the first wrong object: digests in time, then objects by key. */
  readonly findings: readonly Finding[];
  /** All of them, also those beyond what is listed. */
  readonly wrong: number;
  /** Name of the archive that the digests say they are of: those of another installation would say another. */
  readonly archive?: string;
  readonly digests: number;
  readonly sessions: number;
  readonly blobs: number;
  /** Sessions that hold together and are in no digest, because their hour has none yet. */
  readonly unproven: number;
  /** Objects that are as their names say and that no session refers to, and the first hundred of them. */
  readonly loose: number;
  readonly looseObjects: readonly string[];
  readonly bytes: number;
  /** First hour and end of the last that the digests cover. */
  readonly from?: string;
  readonly until?: string;
}

/** An hour gets its digest within a quarter of an hour (2 minutes of grace, a run every 10); one that has none later lost it. */
const LATE_MS = 20 * 60_000;

/**
 * Proves an archive from its objects and a public key alone. Reads the digests in time, then every object by key; holds
 * the names of one day in memory and one object, or a few, at a time.
 */
export async function verifyArchive(deps: VerifyDeps, range: HourRange): Promise<Result<VerifyReport, StoreFault>> {
  const findings = new Findings();
  const { reader, keys, ledger } = deps;
  const checked = await checkDigests({ reader, keys, ledger, findings }, range);
  if (!checked.ok) return checked;
  const ends = await checkEnds(deps, checked.value, range, findings);
  if (!ends.ok) return ends;
  const { first, until, signers, digests, archive, provenFrom } = checked.value;
  const loose = new Loose();
  const all = range.from === undefined ? { signers } : {};
  const whole = range.from === undefined && (range.to === undefined || until === undefined || until <= range.to);
  const now = deps.clock().toISOString();
  const check = { reader, ledger, findings, loose, range, whole, provenFrom, provenUntil: until, now, ...all };
  const objects = await checkFolders(check, deps.onProgress);
  if (!objects.ok) return objects;
  const blobs = await checkBlobs(check);
  if (!blobs.ok) return blobs;
  return ok({
    intact: findings.count === 0,
    findings: findings.kept,
    wrong: findings.count,
    ...(archive === undefined ? {} : { archive }),
    digests: digests.size,
    ...objects.value,
    blobs: blobs.value.blobs,
    bytes: objects.value.bytes + blobs.value.bytes,
    loose: loose.count,
    looseObjects: loose.kept,
    ...(first === undefined ? {} : { from: first }),
    ...(until === undefined ? {} : { until }),
  });
}

/** What the digests cannot say of themselves: that the first is the first, the last the last, and that others saw the same. */
async function checkEnds(
  { reader, keys, ledger, anchor, clock }: VerifyDeps,
  checked: CheckedDigests,
  range: HourRange,
  findings: Findings,
): Promise<Result<void, StoreFault>> {
  const { first, digests } = checked;
  const beginning =
    first === undefined || range.from !== undefined
      ? ok(undefined)
      : await checkBeginning({ reader, keys, ledger, findings }, first);
  if (!beginning.ok) return beginning;
  checkEnd(findings, checked, range, clock());
  return anchor === undefined ? ok(undefined) : checkAnchor(anchor, digests, range, findings);
}

/** An archive that was cut off at its end holds together by itself: only the calendar tells. */
function checkEnd(findings: Findings, { until }: CheckedDigests, range: HourRange, now: Date): void {
  const late = new Date(now.getTime() - LATE_MS);
  const due = range.to !== undefined && range.to < late.toISOString() ? range.to : hourOf(late);
  if (until === undefined)
    findings.add(
      'deleted',
      digestKey(hourAfter(due, -1)),
      'there is no digest at all, so nothing here is proven (a new installation has its first within a quarter of an hour)',
    );
  else if (until < due)
    findings.add(
      'deleted',
      digestKey(until),
      `no digest after ${until}: deleted, or this copy ends there (say so with --to)`,
    );
}
