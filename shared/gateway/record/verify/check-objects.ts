import * as z from 'zod';
import { BLOBS, DIGESTS, KEYS, OUTCOMES, SESSIONS } from '../../../domain/digest.ts';
import type { BlobRef } from '../../../domain/event.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import type { JsonValue } from '../../../platform/json-value.ts';
import { toJson } from '../../../platform/json-value.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { dayOfKey, readChain, type ArchivedChain } from '../archive-object.ts';
import { verifyingKey } from '../digests/digest-object.ts';
import { readPending } from '../pending-outcome.ts';
import type { HourRange } from './check-digests.ts';
import type { Finding, Wrong } from './finding.ts';
import type { LedgerEntry } from './ledger.ts';

export interface ObjectCheck {
  readonly reader: ObjectReader;
  readonly range: HourRange;
  /** End of the last hour that has a digest: what ended before it must be in one. */
  readonly provenUntil: string | undefined;
}

/** What came of one object. `unproven`: it holds together, and its hour has no digest yet. */
export interface Checked {
  readonly findings: readonly Finding[];
  readonly kind: 'session' | 'blob' | 'other' | 'unproven' | 'skipped';
  readonly bytes: number;
}

type Answer = Promise<Result<Checked, StoreFault>>;

/** Checks one object of the archive against what its digest, its name or its own chain says of it. */
export function checkObject(check: ObjectCheck, key: string, signedFor: LedgerEntry | undefined): Answer {
  if (key.startsWith(DIGESTS)) return Promise.resolve(ok({ findings: [], kind: 'skipped', bytes: 0 }));
  if (signedFor !== undefined) return checkSigned(check, key, signedFor);
  if (key.startsWith(BLOBS)) return checkNamed(check, key, 'blob', (bytes) => `${BLOBS}${sha256Hex(bytes)}`);
  if (key.startsWith(KEYS)) return checkNamed(check, key, 'other', keyFile);
  if (key.startsWith(OUTCOMES)) return checkNamed(check, key, 'other', (bytes) => readPending(bytes)?.key);
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
  const missing = await checkReferences(check, chain.value);
  return missing.ok ? ok({ findings: missing.value, kind: 'session', bytes: size }) : missing;
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
  const bytes = await check.reader.read(key);
  if (!bytes.ok) return bytes;
  const chain = readChain(key, bytes.value ?? new Uint8Array());
  const size = bytes.value?.byteLength ?? 0;
  const found = (what: Wrong, message: string): Result<Checked, StoreFault> =>
    ok({ findings: [{ what, key, message }], kind: 'session', bytes: size });
  if (!chain.ok) return found('added', `no digest names it, and ${chain.error.message}`);
  const { endedAt } = chain.value;
  if (check.range.from !== undefined && endedAt < check.range.from)
    return ok({ findings: [], kind: 'skipped', bytes: size });
  if (check.provenUntil !== undefined && endedAt < check.provenUntil)
    return found('backdated', `it says that it ended at ${endedAt}, an hour that was signed without it`);
  return ok({ findings: [], kind: 'unproven', bytes: size });
}

const isOutside = (day: string, { from, to }: HourRange): boolean =>
  (from !== undefined && day < from.slice(0, 10)) || (to !== undefined && day > to.slice(0, 10));

/** An object whose name follows from its content needs no digest. */
async function checkNamed(
  check: ObjectCheck,
  key: string,
  kind: Checked['kind'],
  nameOf: (bytes: Uint8Array) => string | undefined,
): Answer {
  const bytes = await check.reader.read(key);
  if (!bytes.ok) return bytes;
  const content = bytes.value ?? new Uint8Array();
  const message = 'its name says another content';
  const findings = nameOf(content) === key ? [] : [{ what: 'altered', key, message } as const];
  return ok({ findings, kind, bytes: content.byteLength });
}

function keyFile(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  const key = verifyingKey(text);
  if (!key.ok || key.value.key.export({ type: 'spki', format: 'pem' }).toString() !== text) return undefined;
  return `${KEYS}${key.value.fingerprint}.pem`;
}

/** What lies outside of the object: that it is there and as long as it was. Its content is checked by its name. */
async function checkReferences(check: ObjectCheck, chain: ArchivedChain): Promise<Result<Finding[], StoreFault>> {
  const findings: Finding[] = [];
  for (const { sha256, bytes } of chain.events.flatMap((event) => blobsIn(toJson(event['data'] ?? null)))) {
    const key = `${BLOBS}${sha256}`;
    const size = await check.reader.size(key);
    if (!size.ok) return size;
    if (size.value === undefined) findings.push({ what: 'deleted', key, message: `${chain.session} refers to it` });
    else if (size.value !== bytes)
      findings.push({ what: 'altered', key, message: `${chain.session} says that it has ${bytes} bytes` });
  }
  return ok(findings);
}

/** References, wherever in an event they are: `{sha256, bytes}` and nothing else. */
export function blobsIn(value: JsonValue): readonly BlobRef[] {
  if (typeof value !== 'object' || value === null) return [];
  const reference = blobSchema.safeParse(value);
  return reference.success ? [reference.data] : Object.values(value).flatMap((inner: JsonValue) => blobsIn(inner));
}

const blobSchema = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int() });
