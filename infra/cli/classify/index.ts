import { Command } from 'commander';
import * as z from 'zod';
import { gateway, withWho, type Call } from '../controls/api.ts';
import { Progress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { propose, type Evidence } from './propose.ts';
import { asYaml, sorted, type Report } from './render.ts';
import { evidenceOf, tablesOf, type Table } from './sample.ts';

/** Enough to tell a column of addresses from one with an address in it; few enough for one answer of 1 MiB. */
const ROWS = 200;

const optionsSchema = z.looseObject({
  rows: z.coerce.number().int().min(1).max(1_000).default(ROWS),
  table: z.array(z.string()).default([]),
  json: z.boolean().default(false),
});

/**
 * `countersign classify CONNECTION`. It reads through the gateway with the caller's own token: what it asks is judged,
 * limited and on record, and what the detectors name never reaches this machine, only that and how often they did.
 */
export function classifyCommand(): Command {
  return withWho(new Command('classify'))
    .description('sample a database through the gateway and propose classes for its columns, as YAML to review')
    .argument('<connection>', 'its name in gateway.yaml')
    .option('--rows <n>', `rows of each table to look at (default: ${String(ROWS)}, at most 1000)`)
    .option('--table <schema.table>', 'only this table; may be given more than once', collect, [])
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nNo value is printed. The caller must be an agent that may read the tables and information_schema;' +
        '\nwhat policy reveals to it looks as if it had no class.' +
        '\nExit code 0: all tables were sampled; 1: some could not be, and are named.',
    )
    .action(async (connection: string, given: unknown) => {
      const options = optionsSchema.safeParse(given);
      if (!options.success) throw new UsageError('--rows is a number from 1 to 1000.');
      const report = await classify(await gateway(given), connection, options.data);
      const { proposals, unread } = report;
      console.log(
        options.data.json ? JSON.stringify({ ...report, proposals: sorted(proposals) }, null, 2) : asYaml(report),
      );
      if (unread.length > 0) throw new Error(`${unread.length} of ${report.tables} tables could not be sampled`);
    });
}

const collect = (one: string, before: string[]): string[] => [...before, one];

/** Table by table: a large database is no reason to keep one busy with many reads at once. */
export async function classify(
  call: Call,
  connection: string,
  options: { readonly rows: number; readonly table: readonly string[] },
): Promise<Report> {
  await requireDatabase(call, connection);
  const all = await tablesOf(call, connection);
  const missing = options.table.filter((name) => !all.some((table) => nameOf(table) === name));
  if (missing.length > 0)
    throw new UsageError(`${connection} has no table ${missing.join(', ')} that the caller may see.`);
  const tables = options.table.length === 0 ? all : all.filter((table) => options.table.includes(nameOf(table)));
  const progress = new Progress();
  const evidence: Evidence[] = [];
  const unread: { table: string; why: string }[] = [];
  for (const [index, table] of tables.entries()) {
    progress.show(nameOf(table), index / tables.length);
    try {
      evidence.push(...(await evidenceOf(call, connection, table, options.rows)));
    } catch (error) {
      unread.push({ table: nameOf(table), why: error instanceof Error ? error.message : 'unknown error' });
    }
  }
  progress.clear();
  return {
    connection,
    tables: tables.length,
    columns: evidence.length,
    classified: evidence.filter((one) => one.classified !== undefined).length,
    proposals: evidence.flatMap((one) => propose(connection, one) ?? []),
    unread,
  };
}

const connectionsSchema = z.looseObject({
  connections: z.array(z.looseObject({ name: z.string(), kind: z.string() })),
});

/** A cluster has no tables: what is classified in its objects goes by their fields. */
async function requireDatabase(call: Call, connection: string): Promise<void> {
  const { connections } = await call(connectionsSchema, 'GET', '/v1/connections');
  const kind = connections.find(({ name }) => name === connection)?.kind;
  if (kind !== undefined && kind !== 'postgres')
    throw new UsageError(`${connection} is of kind ${kind}: only databases are sampled (README.md, "Masks").`);
}

const nameOf = ({ schema, name }: Table): string => `${schema}.${name}`;
