import { DIGESTS, digestKey, hourAfter, hourOfKey } from '../../../domain/digest.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import type { HourRange } from './check-digests.ts';
import type { Findings } from './finding.ts';

/**
 * Holds the digests against their copies in somebody else's hands: what was anchored must be here as it was then, and
 * what is here must have been anchored, but for the newest (a digest is copied before the next is written) and those
 * from before there was an anchor. So not even whoever can sign can cut off the end, or tell another past.
 */
export async function checkAnchor(
  anchor: ObjectReader,
  digests: ReadonlyMap<string, string>,
  range: HourRange,
  findings: Findings,
): Promise<Result<void, StoreFault>> {
  const anchored = new Set<string>();
  for await (const object of anchor.list(DIGESTS, after(range))) {
    if (!object.ok) return object;
    const { key } = object.value;
    const hour = hourOfKey(key);
    if (hour === undefined || (range.to !== undefined && hour >= range.to)) continue;
    anchored.add(key);
    const theirs = await anchor.read(key);
    if (!theirs.ok) return theirs;
    const ours = digests.get(key);
    if (ours === undefined) findings.add('deleted', key, 'the anchor has this digest');
    else if (ours !== sha256Hex(theirs.value ?? new Uint8Array()))
      findings.add('altered', key, 'the anchor has another digest of this hour');
  }
  const [first] = anchored;
  if (first === undefined) findings.add('deleted', DIGESTS, 'the anchor has no digest at all');
  else checkMissing(first, anchored, digests, findings);
  return ok(undefined);
}

const after = ({ from }: HourRange): string | undefined =>
  from === undefined ? undefined : digestKey(hourAfter(from, -1));

function checkMissing(
  first: string,
  anchored: ReadonlySet<string>,
  digests: ReadonlyMap<string, string>,
  findings: Findings,
): void {
  const newest = [...digests.keys()].at(-1);
  for (const key of digests.keys())
    if (key > first && key !== newest && !anchored.has(key)) findings.add('added', key, 'the anchor does not have it');
}
