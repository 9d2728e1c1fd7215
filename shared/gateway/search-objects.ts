import type { Catalogue, Connector, TargetObject } from '../connectors/connector.ts';
import type { Connection } from '../contracts/config/connection.ts';
import type { Agent } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { circumstancesOf } from './intake/circumstances.ts';
import { findConnection, type JudgeDeps } from './run/judge.ts';
import type { Runtime } from './runtime.ts';

export interface FoundObject {
  readonly kind: string;
  readonly name: string;
  /** `class` where the column is classified: its values come masked. */
  readonly columns: readonly { readonly name: string; readonly type: string; readonly class?: string }[];
}

export interface Found {
  readonly objects: readonly FoundObject[];
  /** There are more: other words would narrow it. */
  readonly more: boolean;
}

/** Objects in an answer: what a model reads at a glance. */
const MAX_FOUND = 25;
/** Objects that are judged for one answer, at about a millisecond each. */
const MAX_JUDGED = 200;
/** Columns shown of one object. */
const MAX_COLUMNS = 200;

/**
 * Tables, views and their columns, or kinds of resources, whose names hold every word of `query`, as far as policy would let this agent read
 * them or ask to. Names alone say much (`merger_2027.targets`), so what may not be read is not named.
 */
export async function searchObjects(
  deps: JudgeDeps,
  runtime: Runtime,
  agent: Agent,
  asked: { readonly connection: string; readonly query: string },
): Promise<Result<Found, Refusal>> {
  const connection = findConnection(runtime, agent, asked.connection);
  if (!connection.ok) return connection;
  const connector = deps.connectors.get(connection.value.kind);
  if (connector?.objects === undefined) return ok({ objects: [], more: false });
  const catalogue =
    deps.catalogues.held(connection.value) ?? (await deps.catalogues.refresh(connection.value, connector));
  if (catalogue === undefined) return err({ code: 'target_unavailable', detail: 'Its catalogue could not be read.' });
  const matching = connector.objects(catalogue).filter(matches(asked.query));
  const who = { runtime, agent, connector, connection: connection.value, catalogue };
  const readable: TargetObject[] = [];
  for (const object of matching.slice(0, MAX_JUDGED)) {
    if (readable.length > MAX_FOUND) break;
    if (await mayRead(who, object)) readable.push(object);
  }
  const more = readable.length > MAX_FOUND || matching.length > MAX_JUDGED;
  return ok({ objects: readable.slice(0, MAX_FOUND).map((object) => shown(who, object)), more });
}

interface Who {
  readonly runtime: Runtime;
  readonly agent: Agent;
  readonly connector: Connector;
  readonly connection: Connection;
  readonly catalogue: Catalogue;
}

function matches(query: string): (object: TargetObject) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ kind, name, columns }) => {
    const text = [kind, name, ...columns.map((column) => column.name)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

async function mayRead({ runtime, agent, connector, connection, catalogue }: Who, object: TargetObject) {
  const read = await connector.analyze(object.read, catalogue, connection);
  if (!read.ok || read.value.effects.length === 0) return false;
  return runtime.engine.decide(agent, connection, read.value.effects, circumstancesOf({}, [])).verdict !== 'block';
}

function shown({ runtime, connection }: Who, { kind, name, columns }: TargetObject): FoundObject {
  return {
    kind,
    name,
    columns: columns.slice(0, MAX_COLUMNS).map((column) => {
      const found = runtime.classify(connection.name, { relation: name, column: column.name });
      return found === undefined ? column : { ...column, class: found.class };
    }),
  };
}
