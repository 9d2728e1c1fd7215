import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOrdersDatabase, type OrdersDatabase } from '../support/orders-database.ts';

const file = join(import.meta.dirname, '..', '..', 'docs', 'postgres-logins.sql');

describe('the logins of docs/postgres-logins.sql, on a real server', () => {
  let orders: OrdersDatabase;
  const open: pg.Client[] = [];
  beforeAll(async () => {
    orders = await startOrdersDatabase();
    const root = await orders.cluster.connectAsRoot('postgres');
    await root.query('CREATE DATABASE shop');
    await root.end();
    const shop = await orders.cluster.connectAsRoot('shop');
    await shop.query('CREATE TABLE public.things (id bigint GENERATED ALWAYS AS IDENTITY, name text)');
    await shop.query(readFileSync(file, 'utf8'));
    await shop.query("ALTER ROLE app_read PASSWORD 'r'; ALTER ROLE app_write PASSWORD 'w'");
    await shop.query('CREATE TABLE public.later (id int)');
    await shop.end();
  });
  afterAll(async () => {
    for (const client of open) await client.end();
    await orders.close();
  });
  const as = async (user: string, password: string): Promise<(sql: string) => Promise<unknown>> => {
    const { host, port } = orders.cluster;
    const client = new pg.Client({ host, port, user, password, database: 'shop' });
    await client.connect();
    open.push(client);
    return (sql) =>
      client.query({ text: sql, rowMode: 'array' }).then(
        ({ rows }) => rows,
        (error: unknown) => (error instanceof pg.DatabaseError ? error.code : error),
      );
  };

  test('the writer changes rows, of tables made later too, and nothing else', async () => {
    const write = await as('app_write', 'w');
    expect(await write("INSERT INTO things (name) VALUES ('a') RETURNING name")).toEqual([['a']]);
    expect(await write('INSERT INTO later VALUES (1) RETURNING id')).toEqual([[1]]);
    for (const sql of [
      'DROP TABLE things',
      'CREATE TABLE x (id int)',
      'CREATE TEMPORARY TABLE things (id int)',
      'TRUNCATE things',
      'ALTER TABLE things DISABLE TRIGGER ALL',
    ])
      expect(await write(sql)).toBe('42501');
  });

  test('the reader only reads', async () => {
    const read = await as('app_read', 'r');
    expect(await read('SELECT count(*)::int FROM things')).toEqual([[1]]);
    expect(await read("INSERT INTO things (name) VALUES ('b')")).toMatch(/^(25006|42501)$/);
    await read('SET default_transaction_read_only = off');
    expect(await read('DELETE FROM things')).toBe('42501');
  });

  const SETTINGS =
    "SELECT name, setting FROM pg_settings WHERE source = 'user' AND name IN ('search_path', 'standard_conforming_strings', 'row_security', 'statement_timeout', 'idle_in_transaction_session_timeout', 'default_transaction_read_only') ORDER BY name";

  test('settings come with the login, and are those of the embedded stack', async () => {
    const read = await as('app_read', 'r');
    const wanted = [
      ['default_transaction_read_only', 'on'],
      ['idle_in_transaction_session_timeout', '180000'],
      ['row_security', 'on'],
      ['search_path', 'public'],
      ['standard_conforming_strings', 'on'],
      ['statement_timeout', '45000'],
    ];
    expect(await read(SETTINGS)).toEqual(wanted);
    const { username, password } = JSON.parse(
      [...orders.secrets].find(([, value]) => value.includes('orders-read'))?.[1] ?? '{}',
    ) as { username: string; password: string };
    const { host, port } = orders.cluster;
    const embedded = new pg.Client({ host, port, user: username, password, database: 'orders' });
    await embedded.connect();
    open.push(embedded);
    expect((await embedded.query<string[]>({ text: SETTINGS, rowMode: 'array' })).rows).toEqual(wanted);
  });
});
