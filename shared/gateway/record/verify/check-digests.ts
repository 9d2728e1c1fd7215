import {
  closingOf,
  DIGESTS,
  digestKey,
  hourAfter,
  hourOfKey,
  KEYS,
  type Digest,
  type SignedDigest,
} from '../../../domain/digest.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { isSigned, readDigest, type VerifyingKey } from '../digests/digest-object.ts';
import type { Findings } from './finding.ts';
import { folderOf, type Ledger } from './ledger.ts';

/** Hours that are asked about; ISO 8601, `from` inclusive, `to` exclusive. */
export interface HourRange {
  readonly from?: string;
  readonly to?: string;
}

export interface DigestCheck {
  readonly reader: ObjectReader;
  readonly keys: readonly VerifyingKey[];
  readonly ledger: Ledger;
  readonly findings: Findings;
}

export interface CheckedDigests {
  /** SHA-256 of every digest that was read, by its key, in time: 8,760 a year. */
  readonly digests: ReadonlyMap<string, string>;
  /** What ended from here on must be in one of them: of a part, what ended before may be in a digest that is not here. */
  readonly provenFrom: string | undefined;
  /** Fingerprints of the keys that they name. */
  readonly signers: ReadonlySet<string>;
  /** Name of the archive, as the last of them says. */
  readonly archive?: string;
  readonly first?: string;
  /** End of the last hour that has a digest. */
  readonly until?: string;
}

/** The digest before the one that is looked at, as far as it could be read. */
interface Before {
  readonly hour: string;
  readonly key: string;
  readonly sha256: string;
  readonly digest: Digest | undefined;
}

/**
 * Reads every digest in time: its form, its signature, and that it names the one before, hour by hour without a gap.
 * What they name goes into the ledger.
 */
export async function checkDigests(check: DigestCheck, range: HourRange): Promise<Result<CheckedDigests, StoreFault>> {
  const signers = new Set<string>();
  const digests = new Map<string, string>();
  let before: Before | undefined;
  let first: string | undefined;
  let provenFrom = range.from === undefined ? undefined : closingOf(hourAfter(range.from, -1));
  // The digest before a part, where it is here, names what was on its way when the part began.
  const after = range.from === undefined ? undefined : digestKey(hourAfter(range.from, -2));
  for await (const object of check.reader.list(DIGESTS, after)) {
    if (!object.ok) return object;
    const at = placeOf(check, object.value.key);
    if (at === undefined) continue;
    const looked = await lookAt(check, at, before, range);
    if (!looked.ok) return looked;
    const { signer, ...next } = looked.value;
    before = next;
    if (isBefore(at.hour, range)) {
      provenFrom = range.from;
      continue;
    }
    if (signer !== undefined) signers.add(signer);
    first ??= at.hour;
    digests.set(next.key, next.sha256);
  }
  const exported = await checkExportedKeys(check, signers);
  return exported.ok ? ok({ digests, signers, provenFrom, ...extentOf(first, before) }) : exported;
}

function extentOf(first: string | undefined, last: Before | undefined) {
  if (first === undefined || last === undefined) return {};
  const archive = last.digest?.archive;
  return { first, until: hourAfter(last.hour), ...(archive === undefined ? {} : { archive }) };
}

const isBefore = (hour: string, { from }: HourRange): boolean => from !== undefined && hour < from;

function placeOf(check: DigestCheck, key: string): { key: string; hour: string } | undefined {
  const hour = hourOfKey(key);
  if (hour === undefined) check.findings.add('added', key, 'no digest has such a name');
  return hour === undefined ? undefined : { key, hour };
}

/** One digest: checked by itself and against the one before; what is known of it afterwards. */
async function lookAt(
  check: DigestCheck,
  at: { readonly key: string; readonly hour: string },
  before: Before | undefined,
  range: HourRange,
): Promise<Result<Before & { readonly signer: string | undefined }, StoreFault>> {
  const bytes = await check.reader.read(at.key);
  if (!bytes.ok) return bytes;
  const content = bytes.value ?? new Uint8Array();
  const sha256 = sha256Hex(content);
  checkGap(check, at.hour, before, range);
  const read = readDigest(content);
  if (!read.ok) {
    check.findings.add('altered', at.key, `it is no digest any more: ${read.error}`);
    return ok({ ...at, sha256, digest: undefined, signer: undefined });
  }
  await checkOne(check, { ...at, signed: read.value, before }, range);
  return ok({ ...at, sha256, digest: read.value.digest, signer: read.value.key });
}

interface One {
  readonly key: string;
  readonly hour: string;
  readonly signed: SignedDigest;
  readonly before: Before | undefined;
}

async function checkOne(check: DigestCheck, one: One, range: HourRange): Promise<void> {
  const { findings } = check;
  const { key, hour, signed, before } = one;
  const { digest } = signed;
  const signer = check.keys.find(({ fingerprint }) => fingerprint === signed.key);
  if (signer === undefined) findings.add('altered', key, `it is signed with another key: ${signed.key}`);
  else if (!isSigned(signed, signer)) findings.add('altered', key, 'its signature is not over what it says');
  else if (digest.hour !== hour) findings.add('reordered', key, `it is the digest of ${digest.hour}`);
  else if (before?.digest !== undefined) checkLink(findings, key, digest, before.digest, before);
  const inRange = (range.from === undefined || hour >= range.from) && (range.to === undefined || hour < range.to);
  for (const [folder, entries] of Object.entries(Object.groupBy(digest.objects, (entry) => folderOf(entry.key))))
    await check.ledger.add(
      folder,
      (entries ?? []).map((entry) => ({ ...entry, inRange })),
    );
}

function checkLink(findings: Findings, key: string, digest: Digest, last: Digest, before: Before): void {
  if (digest.archive !== last.archive) findings.add('added', key, `it is of another archive, ${digest.archive}`);
  // The gateway writes every hour, so the one before is that of the hour before; a gap has been reported as such.
  if (digest.previous?.key !== digestKey(hourAfter(digest.hour, -1)))
    findings.add('altered', key, `it names ${digest.previous?.key ?? 'nothing'} as the digest before it`);
  else if (digest.previous.key !== before.key) return;
  else if (digest.previous.sha256 !== before.sha256)
    findings.add('altered', before.key, `the digest after it was written over another`);
  else if (digest.total !== last.total + digest.objects.length)
    findings.add(
      'altered',
      key,
      `it counts ${digest.total} objects where there are ${last.total + digest.objects.length}`,
    );
}

/** Every hour from the first has a digest; the first of all names none before it. */
function checkGap(check: DigestCheck, hour: string, before: Before | undefined, range: HourRange): void {
  const expected = before === undefined ? range.from : hourAfter(before.hour);
  if (expected !== undefined && expected < hour)
    check.findings.add('deleted', digestKey(expected), `there is no digest from ${expected} to ${hour}`);
}

/** The first digest there is must be the first there was. Told apart from the walk, which does not know its end. */
export async function checkBeginning(check: DigestCheck, first: string): Promise<Result<void, StoreFault>> {
  const bytes = await check.reader.read(digestKey(first));
  if (!bytes.ok) return bytes;
  const read = readDigest(bytes.value ?? new Uint8Array());
  const previous = read.ok ? read.value.digest.previous : null;
  if (previous !== null)
    check.findings.add(
      'deleted',
      previous.key,
      'the digests before this copy begins are not here; name its first hour with --from',
    );
  return ok(undefined);
}

async function checkExportedKeys(check: DigestCheck, signers: ReadonlySet<string>): Promise<Result<void, StoreFault>> {
  for (const fingerprint of signers) {
    const key = `${KEYS}${fingerprint}.pem`;
    const size = await check.reader.size(key);
    if (!size.ok) return size;
    if (size.value === undefined) check.findings.add('deleted', key, 'digests are signed with this key');
  }
  return ok(undefined);
}
