import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../../../../shared/platform/json-value.ts';
import { toJson } from '../../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../../shared/platform/result.ts';
import { ok } from '../../../../../shared/platform/result.ts';
import { isObject } from '../json.ts';
import type { Fault } from '../status.ts';
import { fault } from '../status.ts';
import { PROTOBUF, readProtobuf } from './protobuf.ts';

const JSON_TYPES = ['', 'application/json'];
const YAML_TYPES = ['application/yaml', 'application/apply-patch+yaml'];

/** A body as an object: JSON, YAML (of which JSON is a part) or, for what kubectl sends that way, protobuf. */
export function readBody(contentType: string, body: Buffer): Result<JsonObject, Fault> {
  if (contentType === PROTOBUF) return readProtobuf(body);
  if (JSON_TYPES.includes(contentType)) return readText(body, (text): unknown => JSON.parse(text));
  if (YAML_TYPES.includes(contentType)) return readText(body, readYaml);
  return fault('UnsupportedMediaType', `the body of the request was in an unknown format - ${contentType}`);
}

export function readText(body: Buffer, parse: (text: string) => unknown): Result<JsonObject, Fault> {
  try {
    const value = toJson(parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
    return isObject(value) ? ok(value) : fault('BadRequest', 'the body of the request is not an object');
  } catch (error) {
    return fault(
      'BadRequest',
      `the body of the request cannot be read: ${error instanceof Error ? error.message : ''}`,
    );
  }
}

function readYaml(text: string): unknown {
  const [document, ...more] = parseAllDocuments(text, { uniqueKeys: true });
  if (document === undefined || more.length > 0) throw new Error('one YAML document is needed');
  const [syntax] = document.errors;
  if (syntax !== undefined) throw syntax;
  // Few aliases: a bomb of them grows a small text into gigabytes.
  const value: unknown = document.toJS({ maxAliasCount: 20 });
  return value;
}
