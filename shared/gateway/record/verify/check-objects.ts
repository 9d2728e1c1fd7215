import { BLOBS, KEYS, OUTCOMES, SESSIONS } from '../../../domain/digest.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { dayOfKey, readChain, type ArchivedChain } from '../archive-object.ts';
import { verifyingKey } from '../digests/digest-object.ts';
import { blobsIn } from '../blobs-in.ts';
import { readPending } from '../pending-outcome.ts';
import type { HourRange } from './check-digests.ts';
import type { Finding, Loose, Wrong } from './finding.ts';
import { folderOf, type Ledger, type LedgerEntry } from './ledger.ts';

export interface ObjectCheck {
  readonly reader: ObjectReader;
  readonly range: HourRange;
  /** Takes what sessions refer to, which is checked after them. */
  readonly ledger: Ledger;
  readonly loose: Loose;
  /** Fingerprints of the keys that have signed digests; absent where not all digests were read. */
  readonly signers?: ReadonlySet<string>;
  /** Nothing can have ended after this instant. */
  readonly now: string;
  /** What ended between these must be in a digest. */
  readonly provenFrom: string | undefined;
  readonly provenUntil: string | undefined;
}

/** What came of one object. `unproven`: it holds together, and its hour has no digest yet. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly kind: 'session' | 'other' | 'unproven' | 'skipped';
  readonly bytes: number;
}

type Answer = Promise<Result<Checked, StoreFault>>;

/** Checks one object of the archive against what its digest, its name or its own chain says of it. */
export function checkObject(check: ObjectCheck, key: string, signedFor: LedgerEntry | undefined): Answer {
  if (signedFor !== undefined) return checkSigned(check, key, signedFor);
  if (key.startsWith(KEYS)) return checkKey(check, key);
  if (key.startsWith(OUTCOMES)) return checkSetAside(check, key);
  return key.startsWith(SESSIONS) ? checkUnsigned(check, key) : Promise.resolve(ok(foreign(key)));
}

const foreign = (key: string): Checked => ({
  findings: [{ what: 'added', key, message: 'nothing of the archive has such a name' }],
  kind: 'other',
  bytes: 0,
});

/** Named by a digest: its hash decides. A session is then read as well, for what it refers to. */
async function checkSigned(check: ObjectCheck, key: string, entry: LedgerEntry): Answer {
  if (!entry.inRange) return ok({ findings: [], kind: 'skipped', bytes: 0 });
  const bytes = await check.reader.read(key);
  if (!bytes.ok) return bytes;
  if (bytes.value === undefined) return ok({ findings: [gone(key)], kind: 'session', bytes: 0 });
  const size = bytes.value.byteLength;
  if (sha256Hex(bytes.value) !== entry.sha256) {
    const finding = { what: 'altered', key, message: alteration(key, bytes.value) } as const;
    return ok({ findings: [finding], kind: 'session', bytes: size });
  }
  if (dayOfKey(key) === undefined) return ok({ findings: [], kind: 'other', bytes: size });
  const chain = readChain(key, bytes.value);
  if (!chain.ok) {
    const what: Wrong = chain.error.kind === 'backdated' ? 'backdated' : 'altered';
    return ok({ findings: [{ what, key, message: chain.error.message }], kind: 'session', bytes: size });
  }
  await follow(check, chain.value);
  return ok({ findings: [], kind: 'session', bytes: size });
}

export const gone = (key: string): Finding => ({
  what: 'deleted',
  key,
  message: 'a digest names it, and it is not here',
});

/** As near to the place as it can be told. */
function alteration(key: string, bytes: Uint8Array): string {
  const chain = readChain(key, bytes);
  return `its bytes are not those that were signed${chain.ok ? '' : `: ${chain.error.message}`}`;
}

/** A session that no digest names: forged into the past, or so new that its hour is not over. */
async function checkUnsigned(check: ObjectCheck, key: string): Answer {
  const day = dayOfKey(key);
  if (day !== undefined && isOutside(day, check.range)) return ok({ findings: [], kind: 'skipped', bytes: 0 });
  const read = await check.reader.read(key);
  if (!read.ok) return read;
  const bytes = read.value?.byteLength ?? 0;
  const chain = readChain(key, read.value ?? new Uint8Array());
  const finding = chain.ok ? datedWrong(check, key, chain.value.endedAt) : undefined;
  if (!chain.ok) return ok({ findings: [unread(key, chain.error.message)], kind: 'session', bytes });
  if (finding !== undefined) return ok({ findings: [finding], kind: 'session', bytes });
  if (check.provenFrom !== undefined && chain.value.endedAt < check.provenFrom)
    return ok({ findings: [], kind: 'skipped', bytes });
  await follow(check, chain.value);
  return ok({ findings: [], kind: 'unproven', bytes });
}

const unread = (key: string, why: string): Finding => ({
  what: 'added',
  key,
  message: `no digest names it, and ${why}`,
});

/** Of an hour that was signed without it, or of one that has not come. */
function datedWrong({ provenFrom, provenUntil, now }: ObjectCheck, key: string, endedAt: string): Finding | undefined {
  if (provenFrom !== undefined && endedAt < provenFrom) return undefined;
  const says = `it says that it ended at ${endedAt}`;
  if (provenUntil !== undefined && endedAt < provenUntil) {
    const message = `${says}, an hour that was signed without it (what was delivered late is in the next digest)`;
    return { what: 'backdated', key, message };
  }
  return endedAt > now ? { what: 'added', key, message: `${says}, which is yet to come` } : undefined;
}

const isOutside = (day: string, { from, to }: HourRange): boolean =>
  (from !== undefined && day < from.slice(0, 10)) || (to !== undefined && day > to.slice(0, 10));

/** A public key. Its name follows from its content, and it must have signed something here. */
async function checkKey(check: ObjectCheck, key: string): Answer {
  return checkNamed(check, key, keyFile, () => {
    const fingerprint = key.slice(KEYS.length, -'.pem'.length);
    const stranger = check.signers !== undefined && !check.signers.has(fingerprint);
    return Promise.resolve(stranger ? [{ what: 'added', key, message: 'no digest here is signed with this key' }] : []);
  });
}

/** An outcome that was set aside: known by its hash, and accounted for once its session's chain has it. */
async function checkSetAside(check: ObjectCheck, key: string): Answer {
  const nameOf = (bytes: Uint8Array): string | undefined => readPending(bytes)?.key;
  return checkNamed(check, key, nameOf, async (bytes) => {
    const entry = { key, sha256: sha256Hex(bytes), bytes: bytes.byteLength, inRange: false };
    await check.ledger.add(folderOf(key), [entry]);
    return [];
  });
}

/** An object whose name follows from its content needs no digest. `then`: what else is to be said of a good one. */
async function checkNamed(
  check: ObjectCheck,
  key: string,
  nameOf: (bytes: Uint8Array) => string | undefined,
  then: (bytes: Uint8Array) => Promise<Finding[]>,
): Answer {
  const bytes = await check.reader.read(key);
  if (!bytes.ok) return bytes;
  const content = bytes.value ?? new Uint8Array();
  const message = 'its name says another content';
  const findings = nameOf(content) === key ? await then(content) : [{ what: 'altered', key, message } as const];
  return ok({ findings, kind: 'other', bytes: content.byteLength });
}

function keyFile(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const key = verifyingKey(text);
  if (!key.ok || key.value.key.export({ type: 'spki', format: 'pem' }).toString() !== text) return undefined;
  return `${KEYS}${key.value.fingerprint}.pem`;
}

/** What lies outside of the object: put aside, to be held against what is there. An outcome on its chain is accounted for. */
async function follow({ ledger, loose }: ObjectCheck, chain: ArchivedChain): Promise<void> {
  const by = chain.session;
  for (const { sha256, bytes } of chain.events.flatMap((event) => blobsIn(event))) {
    const key = `${BLOBS}${sha256}`;
    await ledger.add(folderOf(key), [{ key, sha256, bytes, inRange: true, by }]);
  }
  const hashes = new Set(chain.events.map(({ hash }) => `${OUTCOMES}${by}/${hash}.json`));
  for (const { key } of await ledger.take(`${OUTCOMES}${by}`)) if (!hashes.has(key)) loose.add(key);
}
