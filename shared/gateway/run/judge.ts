import type { Analysis, Catalogue, Connector, StatementFault } from '../../connectors/connector.ts';
import type { Connection } from '../../contracts/config/connection.ts';
import type { Agent } from '../../domain/caller.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Decided } from '../../domain/event.ts';
import { withClassified, withClassifiedFields, withEstimate } from '../../domain/annotated-effects.ts';
import { classifiedEffects, type Flows } from '../../domain/classified-effects.ts';
import { unreadable, type Effect } from '../../domain/effect.ts';
import type { Lineage, SourceColumn } from '../../domain/lineage.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Statement } from '../../domain/statement.ts';
import { classifiedFields } from '../../masking/document/fields.ts';
import { maskIn } from '../../masking/written-back.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { span } from '../../platform/spans.ts';
import type { Circumstances } from '../../policy/engine.ts';
import type { Catalogues } from '../intake/catalogues.ts';
import type { Connectors, Runtime, Surroundings } from '../runtime.ts';

/** What is known of a statement before anything runs. */
export interface Judgement {
  readonly connection: Connection;
  readonly connector: Connector;
  readonly statement: Statement;
  readonly effects: readonly Effect[];
  readonly lineage: Lineage;
  readonly decision: Decision;
  readonly catalogueVersion?: string;
  /** What the planner expects, where it was asked. */
  readonly estimatedRows?: number;
}

export interface JudgeDeps extends Pick<Surroundings, 'clock' | 'metrics'> {
  readonly connectors: Connectors;
  readonly catalogues: Catalogues;
}

/** More effects than this no approver can read. */
const MAX_EFFECTS = 500;
/** As JSON. Kept twice, at submission and right before the run, in an item of 400 KB; see keep.ts for the arithmetic. */
const MAX_EFFECT_BYTES = 49_152;

/** The connection of that name, if this agent may know of it. One answer for "none" and "not yours". */
export function findConnection(runtime: Runtime, agent: Agent, name: string): Result<Connection, Refusal> {
  const found = runtime.bundle.gateway.connections.find((connection) => connection.name === name);
  return found !== undefined && runtime.engine.mayConnect(agent, found)
    ? ok(found)
    : err({ code: 'connection_not_found' });
}

/** Takes a statement apart and asks policy. Runs nothing; calls the target only for names it does not know yet. */
export async function judge(
  deps: JudgeDeps,
  runtime: Runtime,
  agent: Agent,
  connection: Connection,
  statement: Statement,
  circumstances: Circumstances,
  estimate = false,
): Promise<Result<Judgement, Refusal>> {
  const began = deps.clock().getTime();
  const connector = deps.connectors.get(connection.kind);
  if (connector === undefined) return err({ code: 'connection_not_found' });
  const refused = notJudged(runtime, statement);
  if (refused !== undefined) return err(refused);
  const read = await span('analyse', () => understand(deps.catalogues, connector, connection, statement));
  if (!read.ok) return err(faultToRefusal(read.error));
  const { catalogue, flows } = read.value;
  const classOf = (column: SourceColumn): string | undefined =>
    runtime.classify(connection.name, catalogue?.column?.(column.relation, column.column) ?? column)?.class;
  const classified = withClassified(read.value.effects, (column) => classOf(column) !== undefined);
  const tells = classifiedEffects(flows, classOf);
  const wanted =
    (estimate || runtime.engine.wantsEstimate) && mayBeCounted(runtime, agent, connection, tells, circumstances);
  const estimatedRows = wanted ? await connector.estimate?.(statement, connection, classified) : undefined;
  const lineage = await connector.lineage(statement, catalogue);
  const own = withClassifiedFields(
    withEstimate(classified, estimatedRows),
    anyClassified(runtime, connection, lineage),
  );
  const effects = bounded([...own, ...tells]);
  const decision = span('decide', () => runtime.engine.decide(agent, connection, effects, circumstances));
  deps.metrics.record({ DecisionTime: deps.clock().getTime() - began });
  const version = catalogue === undefined ? {} : { catalogueVersion: catalogue.version };
  const rows = estimatedRows === undefined ? {} : { estimatedRows };
  return ok({ connection, connector, statement, effects, lineage, decision, ...version, ...rows });
}

function anyClassified(runtime: Runtime, { name }: Connection, lineage: Lineage): boolean {
  if (!lineage.known || lineage.document === undefined) return false;
  const { relation, fields } = lineage.document;
  return classifiedFields(runtime.bundle.gateway.masking, name, relation, fields).length > 0;
}

/** What is wrong with a statement whatever it says: it is too long, or holds a mask where a value is meant. */
function notJudged({ bundle }: Runtime, statement: Statement): Refusal | undefined {
  const { limits, masking } = bundle.gateway;
  const bytes = Buffer.byteLength(statement.text);
  if (bytes > limits.statementBytes) {
    const detail = `statement: has ${bytes} bytes; at most ${limits.statementBytes} are read.`;
    return { code: 'statement_invalid', reason: 'statement_too_large', detail };
  }
  const mask = maskIn(statement, Object.values(masking.strategies));
  return mask === undefined ? undefined : writtenBack(mask);
}

const writtenBack = (where: string): Refusal => ({
  code: 'statement_invalid',
  reason: 'mask_written_back',
  detail: `statement: ${where} holds a mask that stands for a classified value, and writing or comparing it would take it for the value. Leave such columns out; to find the row, use its key.`,
});

/** A number of rows answers `how many customers have this e-mail` too: it is asked for only where policy lets that be found out now. */
export function mayBeCounted(
  { engine }: Runtime,
  agent: Agent,
  connection: Connection,
  tells: readonly Effect[],
  circumstances: Circumstances,
): boolean {
  return tells.length === 0 || engine.decide(agent, connection, tells, circumstances).verdict === 'allow';
}

export interface Understood {
  readonly effects: readonly Effect[];
  /** What it would tell of columns, or move, apart from showing them. */
  readonly flows: Flows;
  readonly catalogue: Catalogue | undefined;
}

/** First with the names at hand; only if that is not enough, once more with fresh ones. */
export async function understand(
  catalogues: Catalogues,
  connector: Connector,
  connection: Connection,
  statement: Statement,
): Promise<Result<Understood, StatementFault>> {
  const held = catalogues.held(connection);
  const first = await connector.analyze(statement, held, connection);
  if (!first.ok) return first;
  if (!first.value.needsCatalogue) return ok(understood(first.value, held));
  const fresh = await catalogues.refresh(connection, connector);
  if (fresh === undefined || fresh.version === held?.version) return ok(understood(first.value, held));
  const second = await connector.analyze(statement, fresh, connection);
  return second.ok ? ok(understood(second.value, fresh)) : second;
}

function understood({ effects, inferences, moves }: Analysis, catalogue: Catalogue | undefined): Understood {
  return { effects: bounded(effects), flows: { inferences, moves }, catalogue };
}

function bounded(effects: readonly Effect[]): readonly Effect[] {
  if (effects.length === 0) return [unreadable('the statement was read to have no effect at all')];
  if (effects.length > MAX_EFFECTS)
    return [unreadable(`it has ${effects.length} effects; at most ${MAX_EFFECTS} are judged. Split it up.`)];
  if (Buffer.byteLength(JSON.stringify(effects)) > MAX_EFFECT_BYTES)
    return [unreadable(`its effects take more than ${MAX_EFFECT_BYTES} bytes to list. Split it up.`)];
  return effects;
}

function faultToRefusal(fault: StatementFault): Refusal {
  const { code, message, position } = fault;
  return {
    code: 'statement_invalid',
    reason: code,
    detail: `statement: ${message}`,
    ...(position === undefined ? {} : { position }),
  };
}

/** The judgement as it goes on record. */
export function decidedOf(judgement: Judgement, phase: Decided['phase'] = 'submit'): Decided {
  const { decision, effects, catalogueVersion } = judgement;
  return { phase, decision, effects, ...(catalogueVersion === undefined ? {} : { catalogueVersion }) };
}
