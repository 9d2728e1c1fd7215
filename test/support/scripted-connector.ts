import type { Connector, ExecuteLimits, Preview, StatementFault } from '../../shared/connectors/connector.ts';
import { secretArnsOf } from '../../shared/contracts/config/connection.ts';
import type { Effect } from '../../shared/domain/effect.ts';
import type { TargetOutcome } from '../../shared/domain/result-set.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { err, ok } from '../../shared/platform/result.ts';

export interface Call {
  readonly text: string;
  readonly connection: string;
  readonly credential: string;
}

export interface ScriptedConnector extends Omit<Connector, 'preview'> {
  preview: Connector['preview'];
  readonly calls: Call[];
  /** What each run was held to. */
  readonly limits: ExecuteLimits[];
  /** What `preview` says. */
  previewed: Preview;
  answer: () => TargetOutcome | Promise<TargetOutcome>;
}

const effect = (action: string, group: Effect['group'], name = 'public.customers'): Effect => ({
  action,
  group,
  resource: { kind: 'relation', name },
  attributes: {},
});

export const rowsOf = (columns: readonly string[], rows: readonly string[][]): TargetOutcome => ({
  kind: 'done',
  result: { columns: columns.map((name) => ({ name, type: 'text' })), rows, rowCount: rows.length, truncated: false },
});

/** Reads the first word of a statement and nothing else; records every run. */
export function scriptedConnector(): ScriptedConnector {
  const calls: Call[] = [];
  const connector: ScriptedConnector = {
    kind: 'postgres',
    calls,
    limits: [],
    previewed: { rows: { basis: 'measured', rows: 1 }, uncounted: [] },
    answer: () => rowsOf(['name', 'email'], [['Ada', 'ada@example.com']]),
    analyze: (statement) => {
      const effects = effectsOf(statement.text);
      return Promise.resolve(
        effects.ok ? ok({ effects: effects.value, inferences: [], moves: [], needsCatalogue: false }) : effects,
      );
    },
    // The numbers in it are its constants; everything else is its tree.
    shapeOf: ({ text }) =>
      Promise.resolve({
        digest: sha256Hex(text.replaceAll(/\d+/g, '#')),
        constants: (text.match(/\d+/g) ?? []).map((value) => ({ type: 'integer', value })),
      }),
    lineage: (statement) =>
      Promise.resolve(
        statement.text.includes('UNTRACED')
          ? { known: false, why: 'not traced' }
          : {
              known: true,
              columns: ['name', 'email'].map((name) => ({
                known: true,
                name,
                sources: [{ relation: 'public.customers', column: name }],
                derived: false,
              })),
            },
      ),
    catalogue: () => Promise.resolve(err({ message: 'none' })),
    credential: (connection, effects) => {
      const { all, read } = secretArnsOf(connection);
      return (effects.every(({ group }) => group === 'read') ? read : all)[0] ?? '';
    },
    preview: () => Promise.resolve(connector.previewed),
    execute: async (statement, connection, effects, limits) => {
      connector.limits.push(limits);
      calls.push({
        text: statement.text,
        connection: connection.name,
        credential: connector.credential(connection, effects),
      });
      return connector.answer();
    },
  };
  return connector;
}

function effectsOf(text: string): { ok: true; value: Effect[] } | { ok: false; error: StatementFault } {
  const [verb = '', count = '1'] = text.split(' ');
  switch (verb) {
    case 'SELECT':
      return ok([effect('sql:select', 'read')]);
    case 'UPDATE':
      return ok([effect('sql:update', 'write')]);
    case 'DROP':
      return ok([effect('sql:drop', 'destroy')]);
    case 'EFFECTS':
      return ok(
        Array.from({ length: Number(count) }, (_none, index) =>
          effect('sql:select', 'read', `public.t${String(index)}`),
        ),
      );
    default:
      return err({ code: 'syntax_error', message: 'not a statement' });
  }
}
