import { BLOBS } from '../../../domain/digest.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { batchesOf } from './batches.ts';
import type { Finding, Findings, Loose } from './finding.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

export interface BlobCheck {
  readonly reader: ObjectReader;
  /** All hours are asked about: then a blob that no session refers to is nobody's. */
  readonly whole: boolean;
  readonly ledger: Ledger;
  readonly findings: Findings;
  readonly loose: Loose;
}

interface Counts {
  readonly blobs: number;
  readonly bytes: number;
}

/**
 * Holds the blobs against their names, which say what they hold, and against the sessions that refer to them, which have
 * been read before. Of a part of the archive only those that its sessions refer to: the others are other hours'.
 */
export async function checkBlobs(check: BlobCheck): Promise<Result<Counts, StoreFault>> {
  const counts = { blobs: 0, bytes: 0 };
  let shard: Shard | undefined;
  for await (const batch of batchesOf(check.reader, BLOBS)) {
    if (!batch.ok) return batch;
    const { name, objects } = batch.value;
    if (shard?.name !== name) {
      shard?.close();
      shard = new Shard(check, name, await check.ledger.take(name));
    }
    const read = await shard.check(objects.map(({ key }) => key));
    if (!read.ok) return read;
    counts.blobs += read.value.length;
    counts.bytes += read.value.reduce((sum, bytes) => sum + bytes, 0);
  }
  shard?.close();
  for (const left of check.ledger
    .left()
    .filter((name) => name.startsWith(BLOBS))
    .toSorted())
    new Shard(check, left, await check.ledger.take(left)).close();
  return ok(counts);
}

/** The blobs whose names begin alike: a two hundred and fifty-sixth part of them is in memory at once. */
class Shard {
  readonly name: string;
  readonly #check: BlobCheck;
  readonly #wanted = new Map<string, LedgerEntry[]>();
  readonly #findings: Finding[] = [];

  constructor(check: BlobCheck, name: string, references: readonly LedgerEntry[]) {
    this.#check = check;
    this.name = name;
    for (const one of references) this.#wanted.set(one.key, [...(this.#wanted.get(one.key) ?? []), one]);
  }

  /** How long those are that were read: the ones that are asked about. */
  async check(keys: readonly string[]): Promise<Result<number[], StoreFault>> {
    const asked = keys.filter((key) => this.#check.whole || this.#wanted.has(key));
    const lengths: number[] = [];
    for (const length of await Promise.all(asked.map((key) => this.#one(key)))) {
      if (!length.ok) return length;
      lengths.push(length.value);
    }
    return ok(lengths);
  }

  async #one(key: string): Promise<Result<number, StoreFault>> {
    const { reader, loose } = this.#check;
    const wanted = this.#wanted.get(key);
    this.#wanted.delete(key);
    const read = await reader.read(key);
    if (!read.ok) return read;
    const bytes = read.value ?? new Uint8Array();
    const liar = wanted?.find((one) => one.bytes !== bytes.byteLength);
    if (`${BLOBS}${sha256Hex(bytes)}` !== key) this.#add('altered', key, 'its name says another content');
    else if (liar !== undefined) this.#add('altered', key, `${liar.by ?? ''} says that it has ${liar.bytes} bytes`);
    else if (wanted === undefined) loose.add(key);
    return ok(bytes.byteLength);
  }

  close(): void {
    for (const [key, [first]] of this.#wanted) this.#add('deleted', key, `${first?.by ?? 'a session'} refers to it`);
    this.#check.findings.addAll(this.#findings);
  }

  #add(what: Finding['what'], key: string, message: string): void {
    this.#findings.push({ what, key, message });
  }
}
