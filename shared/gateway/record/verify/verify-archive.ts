import { digestKey, hourAfter, hourOf } from '../../../domain/digest.ts';
import type { Clock } from '../../../platform/clock.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import type { VerifyingKey } from '../digests/digest-object.ts';
import { checkBeginning, checkDigests, type CheckedDigests, type HourRange } from './check-digests.ts';
import { checkFolders } from './check-folders.ts';
import { Findings, type Finding } from './finding.ts';
import type { Ledger } from './ledger.ts';

export interface VerifyDeps {
  readonly reader: ObjectReader;
  /** Keys that are trusted; brought along, never taken from the archive. */
  readonly keys: readonly VerifyingKey[];
  readonly ledger: Ledger;
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
  readonly digests: number;
  readonly sessions: number;
  readonly blobs: number;
  /** Sessions that hold together and are in no digest, because their hour has none yet. */
  readonly unproven: number;
  readonly bytes: number;
  /** First hour and end of the last that the digests cover. */
  readonly from?: string;
  readonly until?: string;
}

/** An hour gets its digest within a quarter of an hour; one that has none after this long lost it. */
const LATE_MS = 3_600_000;

/**
 * Proves an archive from its objects and a public key alone. Reads the digests in time, then every object by key; holds
 * the names of one day in memory and one object, or a few, at a time.
 */
export async function verifyArchive(deps: VerifyDeps, range: HourRange): Promise<Result<VerifyReport, StoreFault>> {
  const findings = new Findings();
  const check = { reader: deps.reader, keys: deps.keys, ledger: deps.ledger, findings };
  const digests = await checkDigests(check, range);
  if (!digests.ok) return digests;
  const { first } = digests.value;
  const beginning =
    first === undefined || range.from !== undefined ? ok(undefined) : await checkBeginning(check, first);
  if (!beginning.ok) return beginning;
  checkEnd(findings, digests.value, range, deps.clock());
  const objects = await checkFolders({ ...check, range, provenUntil: digests.value.until }, deps.onProgress);
  if (!objects.ok) return objects;
  return ok({
    intact: findings.count === 0,
    findings: findings.kept,
    wrong: findings.count,
    digests: digests.value.count,
    ...objects.value,
    ...(first === undefined ? {} : { from: first }),
    ...(digests.value.until === undefined ? {} : { until: digests.value.until }),
  });
}

/** An archive that was cut off at its end holds together by itself: only the calendar tells. */
function checkEnd(findings: Findings, { until }: CheckedDigests, range: HourRange, now: Date): void {
  const late = new Date(now.getTime() - LATE_MS);
  const due = range.to !== undefined && range.to < late.toISOString() ? range.to : hourOf(late);
  if (until === undefined) findings.add('deleted', digestKey(hourAfter(due, -1)), 'there is no digest at all');
  else if (until < due)
    findings.add(
      'deleted',
      digestKey(until),
      `no digest after ${until}: deleted, or this copy ends there (say so with --to)`,
    );
}
