import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { refuse } from './fault.ts';
import type { Query } from './model.ts';

/** Parameters that Kubernetes itself reads as a list. Of any other, two readers would take the first and the last. */
const REPEATED = new Set(['command', 'ports']);

/**
 * Every parameter that is passed on. One that is not in this list may have a meaning that nobody here has judged
 * (`ignoreStoreReadErrorWithClusterBreakingPotential` deletes what cannot be read).
 */
const KNOWN = new Set([
  // ListOptions
  ...['labelSelector', 'fieldSelector', 'watch', 'allowWatchBookmarks', 'sendInitialEvents', 'resourceVersion'],
  ...['resourceVersionMatch', 'timeoutSeconds', 'limit', 'continue', 'includeObject'],
  // Create-, Update-, Patch- and DeleteOptions
  ...['dryRun', 'fieldManager', 'fieldValidation', 'force', 'gracePeriodSeconds', 'orphanDependents'],
  ...['propagationPolicy', 'pretty', 'timeout'],
  // PodLogOptions
  ...['container', 'follow', 'previous', 'sinceSeconds', 'sinceTime', 'timestamps', 'tailLines', 'limitBytes'],
  'stream',
  // PodExec-, PodAttach-, PodPortForward- and proxy options
  ...['command', 'stdin', 'stdout', 'stderr', 'tty', 'ports', 'path'],
  // OpenAPI v3 documents are named by their hash; health checks leave some out; old clients ask for an exact export.
  ...['hash', 'verbose', 'exclude'],
]);

const MAX_PARAMETERS = 64;

/** Decodes what stands after the question mark. */
export function readQuery(raw: string): Result<Query, StatementFault> {
  const read = new Map<string, readonly string[]>();
  const pairs = raw === '' ? [] : raw.split('&');
  if (pairs.length > MAX_PARAMETERS)
    return refuse('parameters_invalid', `has ${pairs.length} query parameters; at most ${MAX_PARAMETERS} are read.`);
  // Go refuses it since 1.17, other readers split at it.
  if (raw.includes(';')) return refuse('parameters_invalid', 'has a semicolon in its query. Encode it as %3B.');
  for (const pair of pairs) {
    const [key, value] = halves(pair).map(decoded);
    if (key === undefined || value === undefined)
      return refuse('parameters_invalid', 'has a query parameter that is not percent-encoded UTF-8 without controls.');
    const before = read.get(key);
    const fault = faultOf(key, before !== undefined);
    if (fault !== undefined) return refuse('parameters_invalid', fault);
    read.set(key, [...(before ?? []), value]);
  }
  return ok(read);
}

function faultOf(key: string, again: boolean): string | undefined {
  if (!KNOWN.has(key)) return `has the query parameter ${JSON.stringify(key)}, which is not known.`;
  return again && !REPEATED.has(key)
    ? `has ${key} twice. Two readers would take different ones; send it once.`
    : undefined;
}

function halves(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** Undefined: not UTF-8, or with a control character. */
function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text.replaceAll('+', ' '));
    return /\p{Cc}/u.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

export function writeQuery(query: Query): string {
  const pairs = [...query].flatMap(([key, values]) =>
    values.map((value) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** The first value, or `undefined` where the parameter is not given. */
export const one = (query: Query, key: string): string | undefined => query.get(key)?.[0];

/** As Kubernetes converts a parameter to a boolean: given and neither `false` nor `0` is true, even when empty. */
export function isSet(query: Query, key: string): boolean {
  const value = one(query, key);
  return value !== undefined && !['false', '0'].includes(value.toLowerCase());
}
