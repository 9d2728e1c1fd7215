import type { Bucket, Entry, Version } from './model.ts';

/** Versions of one key, the current one last. */
export type Versions = readonly Version[];

export interface BucketState {
  readonly bucket: Bucket;
  readonly objects: Map<string, Versions>;
}

export type State = Map<string, BucketState>;

/** What one journal line does. Answers the versions that are gone, whose bytes can be deleted. */
export function apply(state: State, entry: Entry): Versions {
  switch (entry.op) {
    case 'bucket': {
      const objects = state.get(entry.bucket.name)?.objects ?? new Map<string, Versions>();
      state.set(entry.bucket.name, { bucket: entry.bucket, objects });
      return [];
    }
    case 'drop-bucket':
      state.delete(entry.name);
      return [];
    case 'put':
      return replace(
        state,
        { bucket: entry.bucket, key: entry.version.key, versionId: entry.version.versionId },
        entry.version,
      );
    case 'remove':
      return replace(state, entry, undefined);
    case 'lock':
      lock(state, entry);
      return [];
  }
}

/** A version id is written once, but for `null`, which a later write without versioning replaces. */
function replace(state: State, place: Place, next: Version | undefined): Versions {
  const objects = state.get(place.bucket)?.objects;
  const versions = objects?.get(place.key) ?? [];
  const left = versions.filter((one) => one.versionId !== place.versionId);
  const now = next === undefined ? left : [...left, next];
  if (now.length === 0) objects?.delete(place.key);
  else objects?.set(place.key, now);
  return versions.filter((one) => one.versionId === place.versionId);
}

function lock(state: State, entry: Extract<Entry, { op: 'lock' }>): void {
  const objects = state.get(entry.bucket)?.objects;
  const { retention, legalHold } = entry;
  const locked = { ...(retention && { retention }), ...(legalHold !== undefined && { legalHold }) };
  const versions = objects?.get(entry.key) ?? [];
  objects?.set(
    entry.key,
    versions.map((one) => (one.versionId === entry.versionId ? { ...one, ...locked } : one)),
  );
}

interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

/** The fewest lines that make this state. */
export function* entriesOf(state: State): Generator<Entry> {
  for (const { bucket, objects } of state.values()) {
    yield { op: 'bucket', bucket };
    for (const versions of objects.values())
      for (const version of versions) yield { op: 'put', bucket: bucket.name, version };
  }
}

/** The current version, or `undefined` where there is none or it is a delete marker. */
export function current(versions: Versions | undefined): Version | undefined {
  const last = versions?.at(-1);
  return last === undefined || last.deleteMarker ? undefined : last;
}
