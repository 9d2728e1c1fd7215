import * as z from 'zod';
import type { PostgresConnection } from '../../../contracts/config/connection.ts';
import { err, ok } from '../../../platform/result.ts';
import type { Result } from '../../../platform/result.ts';
import type { TargetFault } from '../../connector.ts';
import type { DataApi, DataApiAccess } from '../data-api.ts';
import { PostgresCatalogue } from './index.ts';
import { agreedSettings } from './login-settings.ts';
import { snapshotSchema, writerSchema } from './model.ts';
import type { Snapshot } from './model.ts';
import { SECTIONS, SETTINGS_QUERY, WRITER_QUERY, pageOf } from './queries.ts';
import type { Section } from './queries.ts';

/** Pages of one section. 40 × 700 KB is more names than a person could write policies for; past it we refuse. */
const MAX_PAGES = 40;
const PAGE_ROWS = 5_000;
const TIMEOUT_SECONDS = 30;

const rowSchema = z.tuple([z.coerce.number(), z.string()]);
type Fetch = (sql: string) => Promise<Result<readonly (readonly unknown[])[], TargetFault>>;

/** Whose settings are compared. `reading`: the caller may not use the login that writes, and runs nothing. */
export type Logins = 'both' | 'reading';

/** Takes a snapshot through the connection itself, and makes it a catalogue. Never rejects. */
export async function takeCatalogue(
  dataApi: DataApi,
  connection: PostgresConnection,
  logins: Logins = 'both',
): Promise<Result<PostgresCatalogue, TargetFault>> {
  const fetch: Fetch = (sql) => query(dataApi, connection, sql, 'read');
  const settings = await settingsOf(fetch);
  if (!settings.ok) return settings;
  const facts: Record<string, unknown> = { settings: settings.value };
  for (const section of sectionsInOrder) {
    const rows = await allPages(fetch, section);
    if (!rows.ok) return rows;
    facts[section] = rows.value;
  }
  const snapshot = snapshotSchema.safeParse(facts);
  if (!snapshot.success)
    return err({
      message: `The database described itself in a way we do not know: ${z.prettifyError(snapshot.error).slice(0, 500)}`,
    });
  // Who only says what would happen has no right to the login that writes. It reads by its own login's settings; whether
  // the two agree is asked by whoever runs the statement, before it runs.
  const writer =
    logins === 'reading' ? ok(snapshot.data.settings) : await writerOf(dataApi, connection, snapshot.data.settings);
  const agreed = writer.ok ? agreedSettings(snapshot.data.settings, writer.value) : writer;
  if (!agreed.ok) return agreed;
  return ok(await PostgresCatalogue.create(snapshot.data));
}

const sectionsInOrder: readonly Section[] = ['relations', 'functions', 'operators', 'casts', 'types'];
if (sectionsInOrder.length !== Object.keys(SECTIONS).length) throw new TypeError('catalogue: a section is not taken');

/** Where there is one login only, it is the same. */
async function writerOf(
  dataApi: DataApi,
  connection: PostgresConnection,
  reader: Snapshot['settings'],
): Promise<Result<z.output<typeof writerSchema>, TargetFault>> {
  if (connection.readSecretArn === undefined) return ok(reader);
  const rows = await query(dataApi, connection, WRITER_QUERY, 'write');
  if (!rows.ok) return rows;
  const fact = z.string().safeParse(rows.value[0]?.[0]);
  const json = fact.success ? factOf(fact.data) : undefined;
  const parsed = json?.ok === true ? writerSchema.safeParse(json.value) : undefined;
  return parsed?.success === true ? ok(parsed.data) : err({ message: 'The login that writes gave no settings.' });
}

async function settingsOf(fetch: Fetch): Promise<Result<unknown, TargetFault>> {
  const rows = await fetch(SETTINGS_QUERY);
  if (!rows.ok) return rows;
  const fact = z.string().safeParse(rows.value[0]?.[0]);
  return fact.success ? factOf(fact.data) : err({ message: 'The database gave no settings.' });
}

async function allPages(fetch: Fetch, section: Section): Promise<Result<unknown[], TargetFault>> {
  const facts: unknown[] = [];
  let after = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows = await fetch(pageOf(section, after));
    if (!rows.ok) return rows;
    if (rows.value.length === 0) return ok(facts);
    for (const row of rows.value) {
      const parsed = rowSchema.safeParse(row);
      const fact = parsed.success
        ? factOf(parsed.data[1])
        : err({ message: `A ${section} row of the catalogue has an unknown shape.` });
      if (!fact.ok) return fact;
      if (parsed.success) after = parsed.data[0];
      facts.push(fact.value);
    }
  }
  return err({
    message: `The database has more ${section} than the gateway reads (${MAX_PAGES} pages). Give the login fewer schemas.`,
  });
}

function factOf(text: string): Result<unknown, TargetFault> {
  try {
    const fact: unknown = JSON.parse(text);
    return ok(fact);
  } catch {
    return err({ message: 'The database gave a catalogue row that is not JSON.' });
  }
}

async function query(
  dataApi: DataApi,
  connection: PostgresConnection,
  sql: string,
  access: DataApiAccess,
): ReturnType<Fetch> {
  const outcome = await dataApi.run({
    connection,
    access,
    sql,
    parameters: [],
    maxRows: PAGE_ROWS,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  if (outcome.kind !== 'done') return err({ message: `The catalogue could not be read: ${outcome.message}` });
  if (outcome.result.truncated) return err({ message: 'The catalogue could not be read whole: its rows were cut.' });
  return ok(outcome.result.rows);
}
