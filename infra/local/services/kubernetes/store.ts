import * as z from 'zod';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import { readWhole, writeWhole } from '../durable/file.ts';
import { at, put, textAt } from './json.ts';
import type { Kind } from './model/kinds.ts';
import { groupVersionOf, kindNamed } from './model/kinds.ts';

const jsonObject = z.record(z.string(), z.json());
const stateFile = z.object({ resourceVersion: z.int(), objects: z.array(jsonObject) });

/** Where an object stands: sorted as etcd sorts, so that lists come in the same order every time. */
const keyOf = (kind: Pick<Kind, 'group' | 'plural'>, namespace: string, name: string): string =>
  `${kind.group}/${kind.plural}/${namespace}/${name}`;

/**
 * Every object of the cluster, in memory and in one file. One counter gives all versions, as etcd's revision does.
 * A fork is a copy that is never written to the file: what a dry run works on.
 */
export class ClusterStore {
  readonly #path: string | undefined;
  readonly #objects: Map<string, JsonObject>;
  #version: number;
  #dirty = false;

  private constructor(path: string | undefined, objects: Map<string, JsonObject>, version: number) {
    this.#path = path;
    this.#objects = objects;
    this.#version = version;
  }

  /** @throws when the file is damaged. */
  static open(path: string): ClusterStore {
    const { resourceVersion, objects } = readWhole(path, stateFile, { resourceVersion: 0, objects: [] });
    const store = new ClusterStore(path, new Map(), resourceVersion);
    for (const object of objects) {
      const kind = kindNamed(textAt(object, 'apiVersion'), textAt(object, 'kind'));
      if (kind !== undefined) store.#objects.set(store.#keyOf(kind, object), object);
    }
    return store;
  }

  fork(): ClusterStore {
    return new ClusterStore(undefined, new Map(this.#objects), this.#version);
  }

  get version(): string {
    return String(this.#version);
  }

  get isEmpty(): boolean {
    return this.#objects.size === 0;
  }

  get(kind: Kind, namespace: string, name: string): JsonObject | undefined {
    return this.#objects.get(keyOf(kind, namespace, name));
  }

  /** All of a kind, or those of one namespace, by namespace and name. */
  list(kind: Kind, namespace = ''): readonly JsonObject[] {
    const prefix = namespace === '' ? `${kind.group}/${kind.plural}/` : keyOf(kind, namespace, '');
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => this.#objects.get(key)).filter((object) => object !== undefined);
  }

  all(): readonly JsonObject[] {
    return [...this.#objects.values()];
  }

  /** Keeps the object under a new version and answers it. */
  save(kind: Kind, object: JsonObject): JsonObject {
    this.#version += 1;
    this.#dirty = true;
    const typed = { apiVersion: groupVersionOf(kind), kind: kind.kind, ...object };
    const saved = put(typed, ['metadata', 'resourceVersion'], this.version);
    this.#objects.set(this.#keyOf(kind, saved), saved);
    return saved;
  }

  remove(kind: Kind, object: JsonObject): void {
    this.#version += 1;
    this.#dirty = true;
    this.#objects.delete(this.#keyOf(kind, object));
  }

  /** Writes the file if anything has changed since the last time. */
  flush(): void {
    if (!this.#dirty || this.#path === undefined) return;
    this.#dirty = false;
    writeWhole(this.#path, JSON.stringify({ resourceVersion: this.#version, objects: this.all() }));
  }

  #keyOf(kind: Kind, object: JsonObject): string {
    return keyOf(kind, textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name'));
  }
}

export const uidOf = (object: JsonObject): string => textAt(object, 'metadata', 'uid');
export const nameOf = (object: JsonObject): string => textAt(object, 'metadata', 'name');
export const namespaceOf = (object: JsonObject): string => textAt(object, 'metadata', 'namespace');
export const isDeleting = (object: JsonObject): boolean => at(object, 'metadata', 'deletionTimestamp') !== undefined;
