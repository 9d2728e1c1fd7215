import { PbfReader } from 'pbf';
import type { JsonObject, JsonValue } from '../../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../../shared/platform/result.ts';
import { err, ok } from '../../../../../shared/platform/result.ts';
import { isList, isObject } from '../json.ts';
import type { Field } from '../model/types.ts';
import { SHAPES } from '../model/types.ts';
import type { Fault } from '../status.ts';
import { fault } from '../status.ts';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** "k8s" and a zero, before runtime.Unknown (apimachinery, pkg/runtime/serializer/protobuf). */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
/** Deeper than any shape of types.yaml nests. */
const MAX_DEPTH = 32;

/** What the reader meets that types.yaml has no number for: refused, since leaving it out would change what is asked. */
class Unread extends Error {}

/**
 * `kubectl create configmap`, `create deployment`, `auth can-i` and their like send protobuf. Read by the field numbers
 * of types.yaml; a field without one is refused as 415, which is honest: nothing is dropped on the way.
 */
export function readProtobuf(body: Buffer): Result<JsonObject, Fault> {
  if (!body.subarray(0, 4).equals(MAGIC))
    return fault('BadRequest', 'the body is not in the protobuf form of Kubernetes');
  try {
    const { apiVersion, kind, raw } = envelope(new PbfReader(body.subarray(4)));
    const object = message(new PbfReader(raw), kind, 0);
    return ok({ apiVersion, kind, ...object });
  } catch (error) {
    if (error instanceof Unread) return err({ reason: 'UnsupportedMediaType', message: error.message });
    return fault('BadRequest', 'the protobuf body of the request cannot be read');
  }
}

function envelope(reader: PbfReader): { apiVersion: string; kind: string; raw: Uint8Array } {
  const found = { apiVersion: '', kind: '', raw: new Uint8Array() };
  reader.readFields((tag, into, pbf) => {
    if (tag === 1) typeMeta(pbf, into);
    if (tag === 2) into.raw = Uint8Array.from(pbf.readBytes());
  }, found);
  return found;
}

function typeMeta(pbf: PbfReader, into: { apiVersion: string; kind: string }): void {
  pbf.readMessage((tag, found, inner) => {
    if (tag === 1) found.apiVersion = inner.readString();
    if (tag === 2) found.kind = inner.readString();
  }, into);
}

function message(reader: PbfReader, type: string, depth: number): JsonObject {
  const shape = SHAPES.get(type);
  if (shape === undefined || depth > MAX_DEPTH)
    throw new Unread(`the embedded Kubernetes API does not read ${type} in protobuf: send JSON or YAML`);
  const fields = new Map([...shape.values()].map((field) => [field.number, field]));
  const found: Record<string, JsonValue> = {};
  reader.readFields((tag, into, pbf) => {
    const field = fields.get(tag);
    if (field === undefined)
      throw new Unread(`the embedded Kubernetes API does not read field ${tag} of ${type} in protobuf`);
    const value = valueOf(pbf, field, type, depth);
    // The protobuf form writes empty strings and zero times where JSON leaves the member out.
    if (!field.list && (value === '' || value === null)) return;
    const before = into[field.name];
    if (field.list) into[field.name] = [...(isList(before) ? before : []), value];
    else into[field.name] = isObject(value) && isObject(before) ? { ...before, ...value } : value;
  }, found);
  return found;
}

function valueOf(pbf: PbfReader, field: Field, type: string, depth: number): JsonValue {
  switch (field.type) {
    case 'string':
      return pbf.readString();
    case 'int':
      return pbf.readVarint(true);
    case 'bool':
      return pbf.readBoolean();
    case 'bytes':
      return Buffer.from(pbf.readBytes()).toString('base64');
    case 'time':
      return time(pbf);
    case 'texts':
      return entry(pbf, (inner) => inner.readString());
    case 'byte-map':
      return entry(pbf, (inner) => Buffer.from(inner.readBytes()).toString('base64'));
    case 'int-or-string':
      return intOrString(pbf);
    case 'any':
    case 'quantity':
      return unlooked(pbf, `${type}.${field.name}`);
    default:
      return message(new PbfReader(pbf.readBytes()), field.type, depth + 1);
  }
}

/** A message whose every field is zero or empty says nothing, so there is nothing to lose; Kubernetes writes many (`status`). */
function unlooked(pbf: PbfReader, path: string): JsonValue {
  if (isSilent(new PbfReader(pbf.readBytes()), 0)) return {};
  throw new Unread(`the embedded Kubernetes API does not read ${path} in protobuf: send JSON or YAML`);
}

function isSilent(reader: PbfReader, depth: number): boolean {
  const found = { silent: depth <= MAX_DEPTH };
  reader.readFields((_, into, pbf) => {
    if (pbf.type === 0) into.silent &&= pbf.readVarint() === 0;
    else if (pbf.type === 2) into.silent &&= isSilent(new PbfReader(pbf.readBytes()), depth + 1);
    else into.silent = false;
  }, found);
  return found.silent;
}

function entry(pbf: PbfReader, read: (inner: PbfReader) => string): JsonObject {
  const found = { name: '', value: '' };
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) into.name = inner.readString();
    if (tag === 2) into.value = read(inner);
  }, found);
  return { [found.name]: found.value };
}

/** Seconds since 1970; an empty message is the zero time, which JSON writes as null. */
function time(pbf: PbfReader): JsonValue {
  const found = { seconds: 0 };
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) into.seconds = inner.readVarint(true);
  }, found);
  return found.seconds === 0 ? null : new Date(found.seconds * 1000).toISOString().replace('.000Z', 'Z');
}

function intOrString(pbf: PbfReader): JsonValue {
  const found = { type: 0, number: 0, text: '' };
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) into.type = inner.readVarint();
    if (tag === 2) into.number = inner.readVarint(true);
    if (tag === 3) into.text = inner.readString();
  }, found);
  return found.type === 1 ? found.text : found.number;
}
