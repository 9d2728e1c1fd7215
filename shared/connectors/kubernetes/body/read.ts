import { Buffer } from 'node:buffer';
import type { JsonValue } from '../../../platform/json-value.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { refuse } from '../request/fault.ts';
import type { KubeRequest } from '../request/model.ts';
import { readYaml } from './yaml.ts';

/** A request's body, as it was understood and as it is sent. */
export type Body =
  | { readonly kind: 'none' }
  /** Read whole. `form` says what it is to what is there. */
  | { readonly kind: 'document'; readonly value: JsonValue; readonly form: BodyForm }
  /** Protobuf: passed on as it is, and judged as the worst that the path allows. */
  | { readonly kind: 'opaque'; readonly bytes: Uint8Array };

export type BodyForm = 'object' | 'json-patch' | 'merge-patch' | 'strategic-patch' | 'apply';

const JSON_TYPES: ReadonlyMap<string, BodyForm> = new Map([
  ['application/json', 'object'],
  ['application/json-patch+json', 'json-patch'],
  ['application/merge-patch+json', 'merge-patch'],
  ['application/strategic-merge-patch+json', 'strategic-patch'],
  ['application/apply-patch+yaml', 'apply'],
  ['application/yaml', 'object'],
]);

/** What each form is sent as. Always JSON text, which every YAML reader takes as well. */
export const SENT_AS: Readonly<Record<BodyForm, string>> = {
  object: 'application/json',
  'json-patch': 'application/json-patch+json',
  'merge-patch': 'application/merge-patch+json',
  'strategic-patch': 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';
/** The first bytes of every protobuf body of Kubernetes (apimachinery, runtime/serializer/protobuf). */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** Objects nest some twelve deep, schemas of definitions some thirty. */
const MAX_DEPTH = 64;

/**
 * A body is a JSON value. Text that is not JSON comes as a string: YAML as it is, with `Content-Type: application/yaml` or
 * `application/apply-patch+yaml`; protobuf in base64.
 */
export function readBody(request: KubeRequest, given: JsonValue | undefined): Result<Body, StatementFault> {
  const { method, contentType } = request;
  if (given === undefined || given === null) return ok({ kind: 'none' });
  if (method === 'GET' || method === 'HEAD') return refuse('body_invalid', `has a body, and ${method} takes none.`);
  const type = contentType ?? (method === 'PATCH' ? '' : 'application/json');
  if (type === PROTOBUF) return readOpaque(given);
  const form = JSON_TYPES.get(type);
  if (form === undefined || (form === 'object') === (method === 'PATCH'))
    return refuse('body_invalid', whyNot(type, method));
  return readDocument(typeof given === 'string' && type.endsWith('yaml') ? readYaml(given) : ok(given), form);
}

function readDocument(value: Result<JsonValue, StatementFault>, form: BodyForm): Result<Body, StatementFault> {
  if (!value.ok) return value;
  const fault = oddity(value.value, form);
  return fault === undefined ? ok({ kind: 'document', value: value.value, form }) : refuse('body_invalid', fault);
}

function readOpaque(given: JsonValue): Result<Body, StatementFault> {
  const bytes = Buffer.from(typeof given === 'string' ? given : '', 'base64');
  if (bytes.toString('base64') !== given || !bytes.subarray(0, 4).equals(MAGIC))
    return refuse('body_invalid', 'has a protobuf body that is not base64 of one. Send JSON.');
  return ok({ kind: 'opaque', bytes });
}

function whyNot(type: string, method: string): string {
  if (method !== 'PATCH') return `has a body of type ${type || '(none)'}. Send application/json or application/yaml.`;
  return `is a patch of type ${type || '(none)'}. Say which it is: Content-Type: application/merge-patch+json, strategic-merge-patch+json, json-patch+json or apply-patch+yaml.`;
}

function oddity(value: JsonValue, form: BodyForm): string | undefined {
  if (typeof value !== 'object' || value === null) return 'has a body that is neither an object nor a list of patches.';
  if (Array.isArray(value) !== (form === 'json-patch')) return 'has a body of another form than its Content-Type says.';
  return oddIn(value, MAX_DEPTH);
}

/** What two readers would take differently, and what a masked answer leaves behind. */
function oddIn(value: JsonValue, depth: number): string | undefined {
  if (depth === 0) return `has a body that nests deeper than ${MAX_DEPTH} levels.`;
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
      ? undefined
      : 'has a number that readers of JSON do not agree on.';
  if (typeof value === 'string') return oddText(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const fault = oddText(name) ?? oddIn(inner, depth - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** `[masked:` in base64, which is how the data of a Secret would bring it back. */
const MASKED = /\[masked:|W21hc2tlZD/;

function oddText(text: string): string | undefined {
  if (!text.isWellFormed()) return 'has half of a surrogate pair in its body.';
  return MASKED.test(text)
    ? 'would write back what the gateway put in the place of a masked value. Leave that field out, or patch the others.'
    : undefined;
}
