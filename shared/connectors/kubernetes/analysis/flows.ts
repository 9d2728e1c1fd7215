import type { Flows } from '../../../domain/classified-effects.ts';
import type { Inference, Move } from '../../../domain/inference.ts';
import type { FieldClass, SourceColumn } from '../../../domain/lineage.ts';
import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isList, isObject } from '../body/fragments.ts';
import type { Body } from '../body/read.ts';
import { fieldsOf, relationOf } from '../lineage.ts';
import type { KubeRequest, ResourceRequest } from '../request/model.ts';

/**
 * What a request finds out of fields that its answer would mask, or carries out of them. A JSON patch (RFC 6902) can do both:
 * `test` fails for every wrong guess, and `copy` puts the password of a Secret into an annotation, which the answer to that very
 * patch shows, dry run or not. A selector by fields asks which objects have a value.
 */
export function flowsOf(request: KubeRequest, body: Body): Flows {
  if (request.kind === 'path') return { inferences: [], moves: [] };
  const operations = body.kind === 'document' && body.form === 'json-patch' ? listOf(body.value).filter(isObject) : [];
  const tested = operations.filter(({ op }) => op === 'test').map(({ path }) => segmentsOf(path));
  const inferences = [...tested, ...selectedBy(request)].flatMap((names) =>
    columnsAt(request, names).map((column): Inference => ({ way: 'predicate', equalityByParameter: false, ...column })),
  );
  return { inferences, moves: operations.flatMap((operation) => movesOf(request, operation)) };
}

const listOf = (value: JsonValue): readonly JsonValue[] => (isList(value) ? value : []);

function movesOf(request: ResourceRequest, { op, from, path }: JsonObject): readonly Move[] {
  if (op !== 'copy' && op !== 'move') return [];
  const into = columnsAt(request, segmentsOf(path), fieldsOf(request)).flatMap(({ column }) => column ?? []);
  const place = `${relationOf(request)} ${typeof path === 'string' ? path.slice(0, 200) : ''}`;
  return columnsAt(request, segmentsOf(from)).map((column): Move => ({ into, place, ...column }));
}

/** The names of a pointer, without places in lists: as classes of fields are written. */
const segmentsOf = (pointer: JsonValue | undefined): readonly string[] =>
  (typeof pointer === 'string' ? pointer : '')
    .split('/')
    .slice(1)
    .filter((segment) => !/^(?:[+-]?[0-9]+|-)$/.test(segment))
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Fields that tell which object it is; every client may ask for them. */
const NAMING = /^metadata\.(?:name|namespace)$/;

const selectedBy = ({ query }: ResourceRequest): readonly (readonly string[])[] =>
  (query.get('fieldSelector') ?? [])
    .flatMap((selector) => selector.split(','))
    .map((one) => (/^[^=!]*/.exec(one)?.[0] ?? '').trim())
    .filter((field) => field !== '' && !NAMING.test(field))
    .map((field) => field.split('.'));

/**
 * The fields that stand at a place, each as a column that may have a class; the place above or below a field counts as the field.
 * Without a column: so much at once that any field may be among it.
 */
function columnsAt(
  request: ResourceRequest,
  names: readonly string[],
  fields: readonly OwnField[] = withCopies(request),
): readonly { column?: SourceColumn }[] {
  const relation = relationOf(request);
  const own = fields.find(({ path }) => overlap(path.split('/'), names));
  if (own !== undefined) return [{ column: { relation, column: own.path, tags: [`countersign:${own.class}`] } }];
  const [first] = names;
  if (first === undefined || (names.length === 1 && !PLAIN.has(first))) return [{}];
  return names.map((_, index) => ({ column: { relation, column: names.slice(0, index + 1).join('/') } }));
}

/** Of Kubernetes' own, what the first name of an object can be and has nothing below it to classify. */
const PLAIN = new Set(['kind', 'apiVersion', 'type', 'immutable', 'reason', 'involvedObject']);

type OwnField = Pick<FieldClass, 'path' | 'class'>;

/** A Secret as it was last applied is a second copy of it, to be read; written there, nothing masks it but detectors. */
function withCopies(request: ResourceRequest): readonly OwnField[] {
  const fields = fieldsOf(request);
  const [first] = fields;
  return first === undefined ? [] : [...fields, { path: 'metadata/annotations', class: first.class }];
}

const overlap = (one: readonly string[], other: readonly string[]): boolean =>
  one.slice(0, other.length).every((name, index) => name === other[index]);
