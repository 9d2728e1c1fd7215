import type { CedarValueJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { ConnectionFacts } from '../../domain/connection.ts';
import { CLASSIFIED, UNREADABLE } from '../../domain/effect.ts';
import type { AttributeValue, Effect, EffectResource } from '../../domain/effect.ts';
import { DECLASSIFY, INFER, INFERENCE_ATTRIBUTES } from '../../domain/inference.ts';
import type { AttributeSpec, Vocabulary } from '../../domain/vocabulary.ts';
import { err, ok } from '../../platform/result.ts';
import type { Result } from '../../platform/result.ts';
import type { ClassifiedColumn } from '../engine.ts';
import { CONNECT, REVEAL, uid } from '../words.ts';
import { connectionEntity } from './question.ts';
import type { Subject } from './question.ts';

export type SubjectOf = (connection: ConnectionFacts, effect: Effect) => Result<Subject, string>;

/** Columns of one effect; PostgreSQL stops at 1,600 a table. */
const MAX_COLUMNS = 2_000;

/**
 * Turns effects into what Cedar is asked about. An effect that does not speak its connector's vocabulary is refused: it came from
 * code that policies could not be written for.
 */
export function createSubjectOf(
  vocabularies: readonly Vocabulary[],
  merged: Readonly<Record<string, AttributeSpec>>,
): SubjectOf {
  return (connection, effect) => {
    if (effect.group === UNREADABLE || effect.action === UNREADABLE)
      return err(`Part of the statement could not be read: ${whyOf(effect)}`);
    const vocabulary = vocabularies.find(({ kind }) => kind === connection.kind);
    if (vocabulary !== undefined && effect.group === CLASSIFIED)
      return classifiedSubject(connection, effect, vocabulary, merged);
    const strange =
      vocabulary === undefined
        ? `Connections of kind ${connection.kind} are not ones that policies know.`
        : unspoken(effect, vocabulary);
    if (vocabulary === undefined || strange !== undefined) return err(strange ?? '');
    const attributes = attributesOf(effect, vocabulary, merged);
    if (!attributes.ok) return attributes;
    const { kind, name, columns = [] } = effect.resource;
    const parents = containersOf(vocabulary, connection, effect.resource);
    if (parents === 'ambiguous')
      return err(
        `The name ${name} can be read two ways, so it cannot be judged. Give the object a name without a dot in it.`,
      );
    const attrs = { kind, name, columns: [...columns] };
    return ok({
      action: effect.action,
      attributes: attributes.value,
      resource: { uid: uid.resource(connection.name, kind, name), attrs, parents },
    });
  };
}

/** Why an effect is not in the vocabulary; undefined when it is. */
function unspoken({ action, group, resource }: Effect, { actions, resourceKinds }: Vocabulary): string | undefined {
  if (!Object.hasOwn(actions, action) || actions[action] !== group)
    return `The action ${action} is not one that policies know.`;
  if (!resourceKinds.includes(resource.kind))
    return `A resource of kind ${resource.kind} is not one that policies know.`;
  const columns = resource.columns?.length ?? 0;
  return columns > MAX_COLUMNS
    ? `The statement names more than ${String(MAX_COLUMNS)} columns of ${resource.name}.`
    : undefined;
}

/** The connection, and the container inside it where the resource lies in one. */
function containersOf(
  { container }: Vocabulary,
  connection: ConnectionFacts,
  resource: EffectResource,
): TypeAndId[] | 'ambiguous' {
  const whole = uid.connection(connection.name);
  if (container === undefined) return [whole];
  const within = container.of(resource);
  if (within === 'ambiguous') return 'ambiguous';
  return within === 'none' ? [whole] : [whole, uid.container(container.type, connection.name, within.name)];
}

function whyOf({ attributes }: Effect): string {
  return typeof attributes['why'] === 'string' ? attributes['why'] : 'it is of a kind that has no rule';
}

/** The effect's own values over the defaults. One that is unknown or of another type is refused, never dropped. */
function attributesOf(
  { attributes, action }: Pick<Effect, 'attributes' | 'action'>,
  vocabulary: Pick<Vocabulary, 'attributes'>,
  merged: Readonly<Record<string, AttributeSpec>>,
): Result<Record<string, CedarValueJson>, string> {
  const values = defaultsOf(merged);
  for (const [name, value] of Object.entries(attributes)) {
    const spec = Object.hasOwn(vocabulary.attributes, name) ? vocabulary.attributes[name] : undefined;
    if (typeOf(value) !== spec?.type)
      return err(`The effect ${action} carries an attribute that policies do not know: ${name}.`);
    values[name] = toCedar(value);
  }
  return ok(values);
}

function defaultsOf(specs: Readonly<Record<string, AttributeSpec>>): Record<string, CedarValueJson> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, toCedar(spec.default)]));
}

function toCedar(value: AttributeValue): CedarValueJson {
  return typeof value === 'object' ? [...value] : value;
}

function typeOf(value: AttributeValue): AttributeSpec['type'] {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' ? 'string' : 'strings';
}

/** `infer` and `declassify`: the column as it is for `reveal`, and how it would be found out. */
function classifiedSubject(
  connection: ConnectionFacts,
  { action, resource, attributes }: Effect,
  vocabulary: Vocabulary,
  merged: Readonly<Record<string, AttributeSpec>>,
): Result<Subject, string> {
  const { class: name, ...own } = attributes;
  const [column] = resource.columns ?? [];
  if (action !== INFER && action !== DECLASSIFY) return err(`The action ${action} is not one on classified columns.`);
  if (typeof name !== 'string' || column === undefined)
    return err(`The effect ${action} does not say which classified column it is about.`);
  const values = attributesOf({ action, attributes: own }, { attributes: INFERENCE_ATTRIBUTES }, merged);
  if (!values.ok) return values;
  const relation = resource.name.slice(0, Math.max(0, resource.name.length - column.length - 1));
  const subject = columnSubject(connection, { relation, column, class: name }, vocabulary);
  return subject === undefined
    ? err(`The name ${resource.name} can be read two ways, so it cannot be judged.`)
    : ok({ action, attributes: values.value, resource: subject });
}

export function connectSubject(connection: ConnectionFacts, merged: Readonly<Record<string, AttributeSpec>>): Subject {
  return { action: CONNECT, resource: connectionEntity(connection), attributes: defaultsOf(merged) };
}

export function revealSubject(
  connection: ConnectionFacts,
  column: ClassifiedColumn,
  merged: Readonly<Record<string, AttributeSpec>>,
  vocabulary: Vocabulary,
): Subject | undefined {
  const resource = columnSubject(connection, column, vocabulary);
  const values = attributesOf({ action: REVEAL, attributes: column.within?.attributes ?? {} }, vocabulary, merged);
  return resource === undefined || !values.ok ? undefined : { action: REVEAL, attributes: values.value, resource };
}

/**
 * A column lies in its class and every class above it (`pii.email` in `pii`), in its relation and in its connection; a field
 * of a document in the place of the document as well. What is asked of all namespaces at once lies in none.
 * Undefined when its relation's name can be read two ways: nothing is permitted on it then.
 */
function columnSubject(
  connection: ConnectionFacts,
  { relation, column: name, class: classified, within }: ClassifiedColumn,
  vocabulary: Vocabulary,
): Subject['resource'] | undefined {
  const places = containersOf(vocabulary, connection, within?.resource ?? { kind: 'relation', name: relation });
  if (places === 'ambiguous') return undefined;
  const words = classified.split('.');
  const classes = words.map((_, at) => uid.class(words.slice(0, at + 1).join('.')));
  const parents = [...classes, ...places, uid.resource(connection.name, 'relation', relation)];
  const attrs = { kind: 'column', name: `${relation}.${name}`, columns: [name], class: classified };
  return { uid: uid.column(connection.name, relation, name), attrs, parents };
}
