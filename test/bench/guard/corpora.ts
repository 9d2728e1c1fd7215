import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { corpus } from '../../support/corpora.ts';
import type { Case, Truth } from './cases.ts';
import type { Server } from './database.ts';
import type { Measured } from './measure.ts';
import { judgeAll } from './own.ts';
import { tpcCases, tpcTables } from './tpc.ts';

interface Regress {
  readonly sql: string;
  readonly class: string;
}

function rows<T>(folder: string, file: string): T[] {
  const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

/** Public corpora, those that are there. `every`: one in so many, for a short run. */
export async function runCorpora(server: Server, every: number): Promise<Measured[]> {
  const tpc = corpus('sqlglot-fixtures');
  const regress = corpus('pg-regress');
  const all: Measured[] = [];
  if (tpc !== undefined) for (const suite of ['h', 'ds'] as const) all.push(...(await runTpc(server, tpc, suite)));
  if (regress !== undefined) all.push(...(await runRegress(server, regress, every)));
  return all;
}

async function runTpc(server: Server, folder: string, suite: 'h' | 'ds'): Promise<Measured[]> {
  const client = await server.database(`tpc_${suite}`);
  for (const table of tpcTables(suite)) await client.query(table);
  return judgeAll(client, tpcCases(folder, suite));
}

const TRUTHS: Readonly<Record<string, Truth>> = { write: 'not', lock: 'not', read: 'measured' };

/**
 * PostgreSQL's own regression statements. First what makes tables, types and functions is run, as far as it runs, so
 * that names mean something; then every statement is read against that database.
 */
async function runRegress(server: Server, folder: string, every: number): Promise<Measured[]> {
  const client = await server.database('regress');
  const statements = rows<Regress>(folder, 'statements.jsonl');
  await client.query(`SET statement_timeout = '500ms'`);
  for (const { sql } of statements) if (makes(sql)) await tryOut(client, sql);
  await client.query(`RESET ALL`);
  await client.query(`SET statement_timeout = '2s'; SET lock_timeout = '500ms'`);
  const cases = [
    ...statements.map(({ sql, class: label }): Case => {
      // These read what a text names, by a query that no parser here sees: they need a permit however harmless this one is.
      const truth = /_to_xml/i.test(sql) && label === 'read' ? 'unknown' : (TRUTHS[label] ?? 'unknown');
      return { class: `pg-regress: ${label}`, sql, truth };
    }),
    ...thirdParty(),
    ...fixtures(),
  ];
  return judgeAll(
    client,
    cases.filter((_one, index) => index % every === 0),
  );
}

/** Statements that define or fill; not those that reach the server, other databases, sessions or the search path. */
function makes(sql: string): boolean {
  return (
    /^\s*(create|alter|insert|comment)\b/i.test(sql) &&
    !/\b(database|tablespace|role|user|system|subscription|publication|event\s+trigger|program|owner|temp|temporary|concurrently|foreign|server|access\s+method)\b/i.test(
      sql,
    )
  );
}

async function tryOut(client: pg.Client, sql: string): Promise<void> {
  await client.query(sql).catch(() => undefined);
}

function thirdParty(): Case[] {
  const folder = corpus('pg-third-party');
  if (folder === undefined) return [];
  const fill = (sql: string): string =>
    sql.replaceAll('{{T}}', 'onek').replaceAll('{{T2}}', 'tenk1').replaceAll('{{COL}}', 'stringu1');
  const safe = rows<{ sql: string; expect: string; file: string }>(folder, 'eszetael.jsonl')
    .filter((row) => row.expect === 'deny' && /smuggling|function|side/.test(row.file) && !/repeat|lpad/.test(row.sql))
    .map(({ sql }): Case => ({ class: 'third party: must refuse', sql: fill(sql), truth: 'not' }));
  const others = ['crystaldba_safe_sql.jsonl', 'awslabs_postgres.jsonl', 'dbhub_readonly.jsonl'].flatMap((file) =>
    rows<{ sql: string }>(folder, file).map(({ sql }): Case => {
      return { class: 'third party: mixed', sql: fill(sql), truth: 'unknown' };
    }),
  );
  return [...safe, ...others];
}

function fixtures(): Case[] {
  const folder = corpus('pgsql-parser-fixtures');
  if (folder === undefined) return [];
  const all = JSON.parse(readFileSync(join(folder, 'generated.json'), 'utf8')) as Record<string, string>;
  return Object.values(all).map((sql) => ({ class: 'pgsql-parser fixtures', sql, truth: 'unknown' }));
}
