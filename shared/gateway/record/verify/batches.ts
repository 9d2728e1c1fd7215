import { ok, type Result } from '../../../platform/result.ts';
import type { ObjectFacts, ObjectReader } from '../../ports/object-store.ts';
import type { StoreFault } from '../../ports/session-store.ts';
import { folderOf } from './ledger.ts';

/** Objects read at once: hides the latency of S3, and bounds what is in memory to a few sessions. */
const AT_ONCE = 16;

export interface Batch {
  readonly name: string;
  readonly objects: readonly ObjectFacts[];
}

/** What lies under a prefix, in the order of keys: objects of one folder each, a few at a time. */
export async function* batchesOf(
  reader: ObjectReader,
  prefix: string,
  without: readonly string[] = [],
): AsyncGenerator<Result<Batch, StoreFault>> {
  let batch: ObjectFacts[] = [];
  let name = '';
  for await (const object of reader.list(prefix)) {
    if (!object.ok) {
      yield object;
      return;
    }
    const { key } = object.value;
    if (without.some((other) => key.startsWith(other))) continue;
    const folder = folderOf(key);
    if (batch.length > 0 && (folder !== name || batch.length >= AT_ONCE)) {
      yield ok({ name, objects: batch });
      batch = [];
    }
    name = folder;
    batch.push(object.value);
  }
  if (batch.length > 0) yield ok({ name, objects: batch });
}
