import type { Bundle } from '../contracts/config/bundle.ts';
import type { ConnectionFacts } from '../domain/connection.ts';
import type { Vocabulary } from '../domain/vocabulary.ts';
import { digestOf, sha256Hex } from '../platform/canonical.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { prepareSchema } from './cedar.ts';
import type { PolicyEngine } from './engine.ts';
import { decide } from './judge/decide.ts';
import type { Slice } from './judge/decide.ts';
import { createEvaluator } from './judge/evaluator.ts';
import { findLift } from './judge/lift.ts';
import { questionOf } from './judge/question.ts';
import { sliceFor } from './judge/slice.ts';
import { connectSubject, createSubjectOf, revealSubject } from './judge/subject.ts';
import { checkPolicyReferences } from './load/check-references.ts';
import { entitiesIn } from './load/expression.ts';
import type { LoadedPolicy, PolicyFault } from './load/policy.ts';
import { readPolicies } from './load/read-policies.ts';
import { buildSchema, mergeAttributes } from './load/schema.ts';
import { validatePolicies } from './load/validate.ts';
import { CONNECT, REVEAL } from './words.ts';

/** An engine that also says what it holds. */
export interface LoadedEngine extends PolicyEngine {
  readonly policyIds: readonly string[];
  /** Those that can decide a statement: all but the ones about `connect` and `reveal` alone. */
  readonly statementPolicyIds: readonly string[];
}

/**
 * Builds the judge from a bundle: reads, checks and validates every policy, or says everything that is wrong with
 * them. `vocabularies` are what connectors' effects are made of (`shared/connectors/vocabularies.ts`).
 */
export function createPolicyEngine(
  bundle: Bundle,
  vocabularies: readonly Vocabulary[],
): Result<LoadedEngine, PolicyFault[]> {
  const policies = readPolicies(bundle.policies);
  if (!policies.ok) return policies;
  const schema = buildSchema(vocabularies);
  const faults = [
    ...checkPolicyReferences(policies.value, bundle.gateway, vocabularies),
    ...validatePolicies(policies.value, schema),
  ];
  if (faults.length > 0) return err(faults);
  const schemaName = sha256Hex(JSON.stringify(schema));
  if (!prepareSchema(schemaName, schema))
    return err([
      { file: 'policies', path: '', message: 'the policy engine could not be prepared', remedy: 'start again' },
    ]);
  return ok(assemble(policies.value, vocabularies, schemaName, versionOf(bundle, policies.value, schemaName)));
}

/** Digest of all that judges: the policies, what is classified, what connections are, and the words of the schema. */
function versionOf({ gateway }: Bundle, policies: readonly LoadedPolicy[], schemaName: string): string {
  const texts = Object.fromEntries(policies.map(({ id, source }) => [id, source.text]));
  const connections = Object.fromEntries(
    gateway.connections.map(({ name, kind, environment }) => [name, { kind, environment }]),
  );
  const { columns, strategies, detectors } = gateway.masking;
  return digestOf({ policies: texts, masking: { columns, strategies, detectors }, connections, schema: schemaName });
}

function assemble(
  policies: readonly LoadedPolicy[],
  vocabularies: readonly Vocabulary[],
  schemaName: string,
  version: string,
): LoadedEngine {
  const attributes = mergeAttributes(vocabularies);
  const subjectOf = createSubjectOf(vocabularies, attributes);
  const statements = slicesOf(policies, schemaName);
  return {
    version,
    wantsEstimate: policies.some(({ source }) => source.text.includes('estimatedRows')),
    policyIds: policies.map(({ id }) => id).sort(),
    statementPolicyIds: policies
      .filter(decidesStatements)
      .map(({ id }) => id)
      .sort(),
    mayConnect: (agent, connection) => {
      const { evaluate, policies: slice } = statements(connection);
      const question = questionOf(agent, connection, connectSubject(connection, attributes), NOTHING_SAID);
      // A connection that people would have to approve may be known: else nobody could ever ask.
      return findLift({ question, group: question.action }, [], slice, evaluate).kind === 'lifted';
    },
    decide: (agent, connection, effects, circumstances) =>
      decide(statements(connection), subjectOf, version, agent, connection, effects, circumstances),
    mayReveal: (agent, connection, column, circumstances) => {
      const vocabulary = vocabularies.find(({ kind }) => kind === connection.kind);
      const subject = vocabulary === undefined ? undefined : revealSubject(connection, column, attributes, vocabulary);
      if (subject === undefined) return false;
      const question = questionOf(agent, connection, subject, circumstances);
      return statements(connection).named(question, circumstances.approvals).kind === 'allow';
    },
  };
}

function decidesStatements({ json }: LoadedPolicy): boolean {
  const actions = entitiesIn(json.action).map(({ id }) => id);
  return actions.length === 0 || actions.some((id) => id !== CONNECT && id !== REVEAL);
}

const NOTHING_SAID = { breakGlass: false, reason: '', ticket: '', pipeline: '' };

/** Slices made at first need and kept; as many as there are connections in the configuration. */
function slicesOf(policies: readonly LoadedPolicy[], schemaName: string): (connection: ConnectionFacts) => Slice {
  const made = new Map<string, Slice>();
  return (connection) => {
    const key = JSON.stringify([connection.name, connection.environment]);
    const known = made.get(key);
    if (known !== undefined) return known;
    const slice = sliceFor(connection, policies);
    // A permit over every action shows nothing and tells of nothing that is classified: that has to be said.
    const named = slice.filter(({ json }) => json.effect === 'forbid' || json.action.op !== 'All');
    const fresh = {
      policies: slice,
      byId: new Map(slice.map((policy) => [policy.id, policy])),
      evaluate: createEvaluator(slice, schemaName),
      named: createEvaluator(named, schemaName),
    };
    made.set(key, fresh);
    return fresh;
  };
}
