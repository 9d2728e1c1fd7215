import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import type { PolicySuite, SuiteTest } from '../../contracts/config/policy-suite.ts';
import type { Agent } from '../../domain/caller.ts';
import type { ConnectionFacts } from '../../domain/connection.ts';
import type { Decision } from '../../domain/decision.ts';
import { withClassified } from '../../domain/annotated-effects.ts';
import { classifiedEffects, type ClassOf, type Flows } from '../../domain/classified-effects.ts';
import type { SourceColumn } from '../../domain/lineage.ts';
import { CLASSIFIED, type Effect } from '../../domain/effect.ts';
import type { Statement } from '../../domain/statement.ts';
import type { Vocabulary } from '../../domain/vocabulary.ts';
import type { Result } from '../../platform/result.ts';
import type { PolicyEngine } from '../engine.ts';
import { compare } from './compare.ts';
import type { Actual, Difference } from './compare.ts';

/** What a connector says of a statement, as far as policies are concerned. */
export interface Analysed extends Flows {
  readonly effects: readonly Effect[];
}

/** What the suite needs beside the policies; the connectors give it, so that this room does not know them. */
export interface SuiteWorld {
  readonly config: GatewayConfig;
  readonly engine: PolicyEngine;
  readonly vocabularies: readonly Vocabulary[];
  /** Takes a statement apart against the suite's own catalogue; an error is the message of the refusal. */
  readonly analyze: (connection: string, statement: Statement) => Promise<Result<Analysed, string>>;
  /** The class of a column, as masking has it. */
  readonly classOf: (connection: string, column: SourceColumn) => string | undefined;
}

export interface CaseReport {
  readonly name: string;
  readonly statement?: string;
  readonly actual: Actual;
  readonly differences: readonly Difference[];
}

export interface SuiteReport {
  readonly cases: readonly CaseReport[];
  /** Policies that decided nothing in the whole suite: nobody would notice if they were wrong. */
  readonly untested: readonly string[];
}

export async function runSuite(
  suite: PolicySuite,
  world: SuiteWorld,
  policyIds: readonly string[],
): Promise<SuiteReport> {
  const cases: CaseReport[] = [];
  for (const test of suite.tests) {
    const subjects = test.statement ?? [undefined];
    for (const statement of subjects) {
      const actual = await judge(suite, test, statement, world);
      cases.push({
        name: test.name,
        ...(statement === undefined ? {} : { statement }),
        actual,
        differences: compare(test.expect, actual),
      });
    }
  }
  const seen = new Set(cases.flatMap(({ actual }) => actual.policies));
  return { cases, untested: policyIds.filter((id) => !seen.has(id)) };
}

const nothing: Omit<Actual, 'decision'> = { policies: [], asks: [], says: [], effects: [] };

async function judge(
  suite: PolicySuite,
  test: SuiteTest,
  statement: string | undefined,
  world: SuiteWorld,
): Promise<Actual> {
  const agent = agentOf(suite, test, world.config);
  const connection = factsOf(test, world.config);
  if (test.connect === true)
    return { ...nothing, decision: world.engine.mayConnect(agent, connection) ? 'known' : 'unknown' };
  if (test.reveal !== undefined)
    return { ...nothing, decision: reveals(test, test.reveal, agent, connection, world) ? 'revealed' : 'masked' };
  const analysed =
    statement === undefined
      ? { ok: true as const, value: { effects: effectsOf(test, connection, world), inferences: [], moves: [] } }
      : await world.analyze(test.connection, {
          text: statement,
          ...(test.body === undefined ? {} : { body: test.body }),
          ...(test.parameters === undefined ? {} : { parameters: test.parameters }),
        });
  if (!analysed.ok) return { ...nothing, decision: 'refused', says: [analysed.error] };
  const classOf: ClassOf = (column) => world.classOf(test.connection, column);
  const marked = withClassified(analysed.value.effects, (column) => classOf(column) !== undefined);
  const effects = [...marked, ...classifiedEffects(analysed.value, classOf)];
  return spoken(world.engine.decide(agent, connection, effects, test), effects);
}

function spoken(decision: Decision, effects: readonly Effect[]): Actual {
  const why = decision.verdict === 'block' && decision.why !== undefined ? [decision.why] : [];
  return {
    decision: decision.verdict,
    policies: decision.policies.map(({ id }) => id),
    asks: decision.verdict === 'approval' ? decision.asks : [],
    says: [...decision.policies.map(({ message }) => message), ...why],
    effects: effects.map(({ action, resource }) => `${action} ${resource.kind} ${resource.name}`),
  };
}

function reveals(
  test: SuiteTest,
  path: string,
  agent: Agent,
  connection: ConnectionFacts,
  { engine, classOf }: SuiteWorld,
): boolean {
  const [schema = '', table = '', column = ''] = path.split('.');
  const relation = `${schema}.${table}`;
  const name = classOf(test.connection, { relation, column });
  return name === undefined || engine.mayReveal(agent, connection, { relation, column, class: name }, test);
}

function agentOf(suite: PolicySuite, test: SuiteTest, config: GatewayConfig): Agent {
  const wanted = suite.agents[test.agent];
  const issuer = config.issuers.find(({ name }) => name === wanted?.issuer);
  const rule = issuer?.for === 'agents' ? issuer.rules.find(({ name }) => name === wanted?.rule) : undefined;
  if (wanted === undefined || issuer === undefined || rule === undefined)
    throw new TypeError('the suite was not checked when it was loaded');
  const claims = Object.fromEntries(Object.entries(rule.claims).map(([name, value]) => [name, String(value)]));
  const groups = [...new Set([...rule.groups, ...wanted.groups])];
  return {
    kind: 'agent',
    issuer: issuer.name,
    issuerUrl: issuer.url,
    subject: wanted.subject,
    name: rule.name,
    groups,
    act: [],
    claims,
    ...(rule.owner === undefined ? {} : { owner: rule.owner }),
  };
}

function factsOf(test: SuiteTest, config: GatewayConfig): ConnectionFacts {
  const found = config.connections.find(({ name }) => name === test.connection);
  if (found === undefined) throw new TypeError('the suite was not checked when it was loaded');
  return found;
}

/** Effects written by hand. An action that no vocabulary has is passed on as it is, for the engine to refuse. */
function effectsOf(test: SuiteTest, connection: ConnectionFacts, world: SuiteWorld): Effect[] {
  const actions = world.vocabularies.find(({ kind }) => kind === connection.kind)?.actions ?? {};
  return (test.effects ?? []).map(({ action, resource: written, columns, attributes }) => {
    const space = written.indexOf(' ');
    const [kind, name] = [written.slice(0, space), written.slice(space + 1)];
    if (kind === 'column') return onColumn(action, name, attributes, connection, world);
    const resource = { kind, name, ...(columns === undefined ? {} : { columns }) };
    return { action, group: actions[action] ?? 'unreadable', resource, attributes };
  });
}

/** `infer` and `declassify` of `schema.table.column`, with the class that masking gives it. */
function onColumn(
  action: string,
  name: string,
  attributes: Effect['attributes'],
  connection: ConnectionFacts,
  { classOf }: SuiteWorld,
): Effect {
  const column = name.slice(name.lastIndexOf('.') + 1);
  const relation = name.slice(0, Math.max(0, name.lastIndexOf('.')));
  const found = classOf(connection.name, { relation, column }) ?? '';
  const resource = { kind: 'column', name, columns: [column] };
  return { action, group: CLASSIFIED, resource, attributes: { class: found, ...attributes } };
}
