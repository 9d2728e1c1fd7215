// The parts of dynalite 4.0.0 that the embedded DynamoDB stands on. The version is pinned exactly, and the contract
// suite (test/local/dynamodb.contract.ts) fails if a later one moves them.

declare module 'dynalite/db/index.js' {
  // An ambient module cannot import a relative path: the same shapes as shared/platform/json-value.ts once more.
  export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
  export interface JsonObject {
    readonly [member: string]: JsonValue;
  }

  export interface DynaliteError extends Error {
    readonly statusCode?: number;
    readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
  }
  export type Callback<T = unknown> = (error: DynaliteError | null | undefined, value?: T) => void;
  export type BatchEntry =
    | { readonly type: 'put'; readonly key: string; readonly value: JsonValue }
    | { readonly type: 'del'; readonly key: string };
  export interface Range {
    readonly gte: string;
    readonly lt: string;
    readonly limit?: number;
  }
  /** One table or index: keys are relative, the prefix is added inside. */
  export interface SubDb {
    lock(key: string, work: (release: (callback: Callback) => Callback) => void): void;
    get(key: string, callback: Callback<JsonObject>): void;
    put(key: string, value: JsonObject, callback: Callback): void;
    del(key: string, callback: Callback): void;
    batch(entries: readonly BatchEntry[], callback: Callback): void;
  }
  /** The whole LevelDB store. `batch` is one atomic write; a crash leaves all of it or none. */
  export interface Level {
    open(): Promise<void>;
    get(key: string): Promise<JsonObject | undefined>;
    batch(entries: readonly BatchEntry[]): Promise<void>;
    close(): Promise<void>;
    iterator(range: Range): AsyncIterable<[string, JsonObject]> & { all(): Promise<[string, JsonObject][]> };
    keys(range: Range): AsyncIterable<string>;
  }
  export interface Store {
    readonly db: Level;
    readonly tableDb: SubDb & { awsAccountId: string; awsRegion: string };
    getItemDb(table: string): SubDb;
    getIndexDb(kind: string, table: string, index: string): SubDb;
    getTable(name: string, callback: Callback<JsonObject>): void;
  }
  export function create(options: {
    readonly path: string;
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
  }): Store;
}

declare module 'dynalite/actions/*' {
  import type { Callback, JsonObject, Store } from 'dynalite/db/index.js';
  const action: (store: Store, data: JsonObject, callback: Callback<JsonObject>) => void;
  export default action;
}

declare module 'dynalite/validations/index.js' {
  import type { JsonObject, Store } from 'dynalite/db/index.js';
  type Custom = (data: JsonObject, store: Store) => string | undefined;
  const validations: {
    checkTypes(data: JsonObject, types: JsonObject): JsonObject;
    checkValidations(data: JsonObject, types: JsonObject, custom: Custom | undefined, store: Store): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*' {
  import type { JsonObject, Store } from 'dynalite/db/index.js';
  const validation: {
    readonly types: JsonObject;
    readonly custom?: (data: JsonObject, store: Store) => string | undefined;
  };
  export default validation;
}
