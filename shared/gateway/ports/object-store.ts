import type { Result } from '../../platform/result.ts';
import type { StoreFault } from './session-store.ts';

export interface ObjectFacts {
  readonly key: string;
  readonly bytes: number;
}

/** An archive to read: a bucket, a part of one, or a copy of one in a folder. */
export interface ObjectReader {
  /** Keys under a prefix in the order of their UTF-8 bytes, from the one after `after` on. A fault ends the list. */
  list(prefix: string, after?: string): AsyncIterable<Result<ObjectFacts, StoreFault>>;
  /** `undefined` when there is no such object. */
  read(key: string): Promise<Result<Uint8Array | undefined, StoreFault>>;
  /** Bytes of an object, without reading it; `undefined` when there is none. */
  size(key: string): Promise<Result<number | undefined, StoreFault>>;
}

/** The same with room for new objects. Nothing is ever replaced or removed. */
export interface ObjectStore extends ObjectReader {
  /** `already`: there is one of this key, whatever it holds. */
  create(key: string, bytes: Uint8Array): Promise<Result<'created' | 'already', StoreFault>>;
}
