import { BLOBS, DIGESTS, OUTCOMES } from '../../../domain/digest.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectFacts } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { batchesOf } from './batches.ts';
import { checkObject, gone, type Checked, type ObjectCheck } from './check-objects.ts';
import type { Finding, Findings } from './finding.ts';
import type { LedgerEntry } from './ledger.ts';
import type { Progress, VerifyReport } from './verify-archive.ts';

export interface FolderCheck extends ObjectCheck {
  readonly findings: Findings;
}

type Counts = Pick<VerifyReport, 'sessions' | 'unproven' | 'bytes'>;

/**
 * Goes through the archive by key, folder by folder, and holds each against what the digests say lies there. Digests
 * were read before; blobs come after, when it is known what refers to them.
 */
export async function checkFolders(
  check: FolderCheck,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Result<Counts, StoreFault>> {
  const tally = new Tally();
  let folder: Folder | undefined;
  for await (const batch of batchesOf(check.reader, '', [DIGESTS, BLOBS])) {
    if (!batch.ok) return batch;
    const { name, objects } = batch.value;
    if (folder?.name !== name) {
      folder?.close();
      folder = new Folder(check, name, await check.ledger.take(name));
    }
    const done = await folder.check(objects);
    if (!done.ok) return done;
    for (const checked of done.value) tally.count(checked);
    onProgress(tally.progress());
  }
  folder?.close();
  // Folders that are named and not there: all that was in them is gone.
  for (const left of check.ledger.left().toSorted()) await checkLeft(check, left);
  return ok(tally.counts());
}

async function checkLeft(check: FolderCheck, folder: string): Promise<void> {
  if (folder.startsWith(BLOBS)) return;
  const entries = await check.ledger.take(folder);
  // Set aside for a session that is not archived yet, or never was there.
  if (folder.startsWith(OUTCOMES)) for (const { key } of entries) check.loose.add(key);
  else new Folder(check, folder, entries).close();
}

/** What has been read so far. */
class Tally {
  readonly #of = { session: 0, other: 0, unproven: 0, skipped: 0 };
  #bytes = 0;

  count({ kind, bytes }: Checked): void {
    this.#of[kind] += 1;
    this.#bytes += bytes;
  }

  progress(): Progress {
    const { session, other, unproven } = this.#of;
    return { objects: session + other + unproven, bytes: this.#bytes };
  }

  counts(): Counts {
    const { session: sessions, unproven } = this.#of;
    return { sessions, unproven, bytes: this.#bytes };
  }
}

/** One folder of the archive: what is signed for in it, and what has been found. */
class Folder {
  readonly name: string;
  readonly #check: FolderCheck;
  readonly #signedFor: ReadonlyMap<string, LedgerEntry>;
  readonly #seen = new Set<string>();
  /** Keys by the hash that was signed for them; made for the first object that is not what it should be. */
  #bySha: ReadonlyMap<string, string> | undefined;
  readonly #findings: Finding[] = [];

  constructor(check: FolderCheck, name: string, entries: readonly LedgerEntry[]) {
    this.#check = check;
    this.name = name;
    const signedFor = new Map<string, LedgerEntry>();
    for (const entry of entries) {
      if (signedFor.has(entry.key)) this.#findings.push(twice(entry.key));
      signedFor.set(entry.key, entry);
    }
    this.#signedFor = signedFor;
  }

  async check(objects: readonly ObjectFacts[]): Promise<Result<Checked[], StoreFault>> {
    const done: Checked[] = [];
    for (const checked of await Promise.all(objects.map(({ key }) => this.#one(key)))) {
      if (!checked.ok) return checked;
      this.#findings.push(...checked.value.findings);
      done.push(checked.value);
    }
    return ok(done);
  }

  async #one(key: string): Promise<Result<Checked, StoreFault>> {
    this.#seen.add(key);
    const checked = await checkObject(this.#check, key, this.#signedFor.get(key));
    if (!checked.ok || checked.value.findings.every(({ what }) => what !== 'altered')) return checked;
    const place = await this.#placeOf(key);
    if (!place.ok) return place;
    const { value } = place;
    if (value === undefined) return checked;
    const message = `it holds what was signed as ${value}`;
    return ok({ ...checked.value, findings: [{ what: 'reordered', key, message }] });
  }

  /** Where the bytes at `key` belong, when they are those of another object of this folder. */
  async #placeOf(key: string): Promise<Result<string | undefined, StoreFault>> {
    const bytes = await this.#check.reader.read(key);
    if (!bytes.ok) return bytes;
    this.#bySha ??= new Map([...this.#signedFor.values()].map((entry) => [entry.sha256, entry.key]));
    const place = this.#bySha.get(bytes.value === undefined ? '' : sha256Hex(bytes.value));
    return ok(place === key ? undefined : place);
  }

  /** All objects of the folder have come by: what has not is gone. */
  close(): void {
    for (const { key, inRange } of this.#signedFor.values())
      if (inRange && !this.#seen.has(key)) this.#findings.push(gone(key));
    this.#check.findings.addAll(this.#findings);
  }
}

const twice = (key: string): Finding => ({ what: 'added', key, message: 'two digests name it' });
