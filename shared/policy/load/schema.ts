import type { ActionType, SchemaJson, TypeOfAttribute } from '@cedar-policy/cedar-wasm/nodejs';
import { ACTION_GROUPS } from '../../domain/effect.ts';
import { DECLASSIFY, INFER, INFERENCE_ATTRIBUTES } from '../../domain/inference.ts';
import type { AttributeSpec, Vocabulary } from '../../domain/vocabulary.ts';
import { CONNECT, CONTEXT_FACTS, REVEAL } from '../words.ts';

const STRING = { type: 'String' } as const;
const BOOLEAN = { type: 'Boolean' } as const;
const STRINGS = { type: 'Set', element: STRING } as const;

/**
 * The Cedar schema of everything a policy can say. One context type for all actions, every member required: a policy
 * over all writes may ask for `unbounded` whatever connector the write belongs to, and can never meet a missing attribute
 * (a `forbid` that errors would be skipped).
 * @throws when two connectors give one word two meanings: a programmer's error.
 */
export function buildSchema(vocabularies: readonly Vocabulary[]): SchemaJson<string> {
  // Named once: written out in every action, the type made the schema a hundred times larger and slower to read.
  const context = { type: 'Context' };
  const applies = (resourceType: string): ActionType<string> => ({
    appliesTo: { principalTypes: ['Agent'], resourceTypes: [resourceType], context },
  });
  const effects = vocabularies.flatMap(({ actions }) =>
    Object.entries(actions).map(
      ([name, group]) => [name, { ...applies('Resource'), memberOf: [{ id: group }] }] as const,
    ),
  );
  const groups = ACTION_GROUPS.map((group) => [group, {}] as const);
  const names = [...effects.map(([name]) => name), ...ACTION_GROUPS, CONNECT, REVEAL, INFER, DECLASSIFY];
  if (new Set(names).size !== names.length) throw new TypeError('two connectors share the name of an action');
  return {
    '': {
      commonTypes: { Context: contextType(mergeAttributes(vocabularies)) },
      entityTypes: entityTypes([
        ...new Set(vocabularies.flatMap(({ container }) => (container === undefined ? [] : [container.type]))),
      ]),
      actions: {
        ...Object.fromEntries(groups),
        ...Object.fromEntries(effects),
        [CONNECT]: applies('Connection'),
        [REVEAL]: applies('Column'),
        [INFER]: applies('Column'),
        [DECLASSIFY]: applies('Column'),
      },
    },
  };
}

function entityTypes(containers: readonly string[]): SchemaJson<string>[string]['entityTypes'] {
  const thing = { kind: STRING, name: STRING, columns: STRINGS };
  const record = (attributes: Record<string, TypeOfAttribute<string>>) => ({ type: 'Record', attributes }) as const;
  return {
    Group: {},
    Environment: {},
    Class: {},
    Agent: {
      memberOfTypes: ['Group'],
      shape: record({ issuer: STRING, subject: STRING, name: STRING, owner: STRING, actors: STRINGS }),
      tags: STRING,
    },
    Connection: { memberOfTypes: ['Environment'], shape: record(thing) },
    ...Object.fromEntries(containers.map((type) => [type, { memberOfTypes: ['Connection'] }])),
    Resource: { memberOfTypes: ['Connection', ...containers], shape: record(thing) },
    Column: {
      memberOfTypes: ['Class', 'Resource', 'Connection', ...containers],
      shape: record({ ...thing, class: STRING }),
    },
  };
}

function contextType(attributes: Readonly<Record<string, AttributeSpec>>) {
  const effect = Object.entries(attributes).map(([name, { type }]) => [name, cedarType(type)] as const);
  const connection = { type: 'Record', attributes: { name: STRING, kind: STRING, environment: STRING } } as const;
  const facts = {
    approvals: STRINGS,
    breakGlass: BOOLEAN,
    reason: STRING,
    ticket: STRING,
    pipeline: STRING,
    connection,
  };
  return { type: 'Record', attributes: { ...Object.fromEntries(effect), ...facts } } as const;
}

function cedarType(type: AttributeSpec['type']): TypeOfAttribute<string> {
  if (type === 'boolean') return BOOLEAN;
  if (type === 'number') return { type: 'Long' };
  return type === 'string' ? STRING : STRINGS;
}

/** Every attribute of every connector and of the gateway's own effects; the same name must mean the same type everywhere. */
export function mergeAttributes(vocabularies: readonly Vocabulary[]): Readonly<Record<string, AttributeSpec>> {
  const merged = new Map<string, AttributeSpec>();
  const own: readonly Record<string, AttributeSpec>[] = [INFERENCE_ATTRIBUTES];
  const all = [...own, ...vocabularies.map(({ attributes }) => attributes)];
  for (const [name, spec] of all.flatMap((attributes) => Object.entries(attributes))) {
    const other = merged.get(name);
    if (CONTEXT_FACTS.some((fact) => fact === name) || (other !== undefined && other.type !== spec.type))
      throw new TypeError(`the effect attribute "${name}" has two meanings`);
    merged.set(name, spec);
  }
  return Object.fromEntries(merged);
}
