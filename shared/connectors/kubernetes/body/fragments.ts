import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { refuse } from '../request/fault.ts';
import type { Body } from './read.ts';

/** Parts of the object that a body says something about, each in its place. */
export interface Fragments {
  readonly parts: readonly JsonObject[];
  /** Something is copied or moved from a place that is not in the body: what arrives cannot be told. */
  readonly untold: boolean;
}

/** Operations of one patch; the API server itself stops at 10,000. */
const MAX_OPERATIONS = 1_000;

export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value);

/** An object says everything, a patch a part, a JSON patch (RFC 6902) one place an operation. */
export function fragmentsOf(body: Body): Result<Fragments, StatementFault> {
  if (body.kind !== 'document') return ok({ parts: [], untold: body.kind === 'opaque' });
  if (body.form !== 'json-patch') return ok({ parts: isObject(body.value) ? [body.value] : [], untold: false });
  const operations = isList(body.value) ? body.value : [];
  if (operations.length > MAX_OPERATIONS)
    return refuse('body_invalid', `has ${operations.length} operations; at most ${MAX_OPERATIONS} are read.`);
  const parts: JsonObject[] = [];
  let untold = false;
  for (const operation of operations) {
    const read = isObject(operation) ? partOf(operation) : undefined;
    if (read === undefined) return refuse('body_invalid', 'has an operation that is not one of RFC 6902.');
    if (read === 'untold') untold = true;
    else if (read !== 'nothing') parts.push(read);
  }
  return ok({ parts, untold });
}

function partOf(operation: JsonObject): JsonObject | 'nothing' | 'untold' | undefined {
  const { op, path, value, from } = operation;
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) return undefined;
  switch (op) {
    case 'test':
      return 'nothing';
    case 'copy':
    case 'move':
      return typeof from === 'string' ? 'untold' : undefined;
    case 'remove':
      return asPart(path, null);
    case 'add':
    case 'replace':
      return value === undefined ? undefined : asPart(path, value);
    default:
      return undefined;
  }
}

/** A place in a list, as the API server's library reads it (evanphx/json-patch): Go's Atoi, so signs too; `-1` is the last. */
const INDEX = /^([+-]?[0-9]+|-)$/;

/** The value in its place: `/spec/hostNetwork` and `true` make `{spec: {hostNetwork: true}}`. Places in lists are dropped. */
function asPart(path: string, value: JsonValue): JsonObject | 'nothing' | 'untold' {
  const segments = path === '' ? [] : path.slice(1).split('/');
  let made = replacing(segments.at(-1), value);
  for (const segment of segments.toReversed())
    made = INDEX.test(segment) ? [made] : { [segment.replaceAll('~1', '/').replaceAll('~0', '~')]: made };
  return isObject(made) ? made : 'untold';
}

/**
 * An object or a list of containers that is put somewhere takes the place of what is there, with all that it does not mention:
 * said in the word that a strategic merge patch has for it. What is added behind a list (`-`) replaces nothing.
 */
function replacing(last: string | undefined, value: JsonValue): JsonValue {
  if (isObject(value)) return last === '-' ? value : { ...value, $patch: 'replace' };
  return isList(value) && /containers$/i.test(last ?? '') ? [...value, { $patch: 'replace' }] : value;
}
