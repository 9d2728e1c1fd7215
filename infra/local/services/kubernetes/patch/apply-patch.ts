import { applyPatch } from 'rfc6902';
import * as z from 'zod';
import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { toJson } from '../../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../../shared/platform/result.ts';
import { ok } from '../../../../../shared/platform/result.ts';
import { isObject } from '../json.ts';
import type { Fault } from '../status.ts';
import { fault } from '../status.ts';
import { readBody, readText } from '../wire/body.ts';
import { mergePatch } from './merge.ts';
import { strategicMerge } from './strategic.ts';

export const APPLY = 'application/apply-patch+yaml';

const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['add', 'replace', 'test']), path: z.string(), value: z.json() }),
  z.strictObject({ op: z.literal('remove'), path: z.string() }),
  z.strictObject({ op: z.enum(['move', 'copy']), from: z.string(), path: z.string() }),
]);
/** As the API server limits it (apiserver, pkg/endpoints/handlers/patch.go: maxJSONPatchOperations). */
const operations = z.array(operation).max(10_000);

/**
 * The object after a patch of any of the four kinds. Server-side apply is a strategic merge of what was sent: fields
 * that the same manager sent before and leaves out now stay, and no conflict between managers is ever seen, since no
 * `managedFields` are kept.
 */
export function patched(
  before: JsonObject,
  contentType: string,
  body: Buffer,
  type: string,
): Result<JsonObject, Fault> {
  if (contentType === 'application/json-patch+json') return jsonPatch(before, body);
  const wanted = contentType.endsWith('-patch+json') ? 'application/json' : contentType;
  const patch = readBody(wanted, body);
  if (!patch.ok) return patch;
  switch (contentType) {
    case 'application/merge-patch+json':
      return ok(mergePatch(before, patch.value));
    case 'application/strategic-merge-patch+json':
    case APPLY:
      return ok(strategicMerge(before, patch.value, type));
    default:
      return fault('UnsupportedMediaType', `the body of the request was in an unknown format - ${contentType}`);
  }
}

function jsonPatch(before: JsonObject, body: Buffer): Result<JsonObject, Fault> {
  const read = readText(body, (text): unknown => ({ operations: plainJson(text) }));
  if (!read.ok) return read;
  const parsed = operations.safeParse(read.value['operations']);
  if (!parsed.success) return fault('BadRequest', `error decoding patch: ${z.prettifyError(parsed.error)}`);
  const copy: unknown = structuredClone(before);
  const problem = applyPatch(copy, parsed.data).find((error) => error !== null);
  if (problem !== undefined)
    return fault('Invalid', `the server rejected our request due to an error in our request: ${problem.message}`);
  const after = toJson(copy);
  return isObject(after) ? ok(after) : fault('Invalid', 'the patch leaves no object');
}

function plainJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}
