/** One page of a listing: keys in the order of their UTF-8 bytes, what shares a prefix up to the delimiter folded. */
export interface Page {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  /** Where the next page begins: after this key or folded prefix. `undefined` on the last page. */
  readonly next: string | undefined;
}

export interface ListingQuery {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys up to and including this, and all under it if it is a folded prefix, were on an earlier page. */
  readonly after: string;
  readonly maxKeys: number;
}

/** `keys` are sorted already (sortKeys). Keys and prefixes count alike towards `maxKeys`, as S3 counts them. */
export function page(keys: readonly string[], query: ListingQuery): Page {
  const { prefix, delimiter, after, maxKeys } = query;
  const found: string[] = [];
  const prefixes = new Set<string>();
  let last = '';
  for (const key of keys) {
    if (!key.startsWith(prefix) || (after !== '' && !isAfter(key, after, delimiter))) continue;
    const folded = fold(key, prefix, delimiter);
    if (folded !== undefined && prefixes.has(folded)) continue;
    if (found.length + prefixes.size >= maxKeys) return { keys: found, prefixes: [...prefixes], next: last };
    last = folded ?? key;
    if (folded === undefined) found.push(key);
    else prefixes.add(folded);
  }
  return { keys: found, prefixes: [...prefixes], next: undefined };
}

/** S3 lists in the order of UTF-8 bytes, which JavaScript's own order of UTF-16 units is not. */
export function sortKeys(keys: Iterable<string>): string[] {
  return [...keys].sort(byBytes);
}

const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

function isAfter(key: string, after: string, delimiter: string): boolean {
  const foldedBefore = delimiter !== '' && after.endsWith(delimiter) && key.startsWith(after);
  return !foldedBefore && byBytes(key, after) > 0;
}

function fold(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
