import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import type { Effect } from '../../shared/domain/effect.ts';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { agreedSettings } from '../../shared/connectors/postgres/catalogue/login-settings.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import { catalogueOf, startServer, type Server } from '../bench/guard/database.ts';

const SCHEMA = `
  CREATE TABLE log (id bigserial PRIMARY KEY, what text);
  CREATE TABLE a (id int PRIMARY KEY, code int UNIQUE, note text);
  CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE CASCADE ON UPDATE CASCADE);
  CREATE TABLE c (id int, b_id int REFERENCES b ON DELETE SET NULL);
  CREATE TABLE d (id int, a_id int REFERENCES a);
  CREATE VIEW va AS SELECT id, note FROM a;
  CREATE VIEW vva AS SELECT id FROM va;
  CREATE TABLE part (id int, k int) PARTITION BY LIST (k);
  CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
  CREATE SCHEMA side;
  CREATE TABLE side.t (id int);
  CREATE FUNCTION side.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE VIEW over_side AS SELECT id FROM side.t;
  CREATE TYPE colour AS ENUM ('red');
  CREATE TABLE painted (id int, hue colour);
  CREATE FUNCTION outer_f(x int) RETURNS bigint LANGUAGE sql AS 'SELECT inner_f($1 + x)';
  CREATE FUNCTION inner_f(x int) RETURNS bigint LANGUAGE sql AS 'UPDATE a SET note = x::text WHERE id = x; INSERT INTO log (what) VALUES (x::text) RETURNING id';
  CREATE FUNCTION atomic_f(x int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC DELETE FROM c WHERE id = x; SELECT 1; END;
  CREATE FUNCTION opaque_f(x int) RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM c; RETURN 1; END';
  CREATE TABLE ruled (x int);
  CREATE RULE also AS ON INSERT TO ruled DO ALSO INSERT INTO log (what) VALUES (new.x::text);
  CREATE FUNCTION calc(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN x; END';
  CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE FUNCTION fires_on_part() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE FUNCTION enters_part() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TABLE routed (id int, k int, n int) PARTITION BY LIST (k);
  CREATE TABLE routed_1 PARTITION OF routed (CHECK (calc(id) > 0)) FOR VALUES IN (1);
  CREATE TABLE routed_2 PARTITION OF routed FOR VALUES IN (2);
  CREATE TRIGGER t BEFORE UPDATE OR DELETE ON routed_1 FOR EACH ROW EXECUTE FUNCTION fires_on_part();
  CREATE TRIGGER t BEFORE INSERT ON routed_2 FOR EACH ROW EXECUTE FUNCTION enters_part();
  CREATE TABLE computed_key (a int) PARTITION BY LIST (calc(a));
  CREATE TABLE old_parent (a int);
  CREATE TABLE old_child (b int) INHERITS (old_parent);
  CREATE TRIGGER t BEFORE UPDATE ON old_child FOR EACH ROW EXECUTE FUNCTION fires();
  CREATE TABLE conditional (a int);
  CREATE TRIGGER t BEFORE INSERT ON conditional FOR EACH ROW WHEN (calc(NEW.a) > 0) EXECUTE FUNCTION fires();
  CREATE TABLE ruled_if (a int);
  CREATE RULE in_part AS ON INSERT TO ruled_if WHERE calc(new.a) > 0 DO ALSO INSERT INTO log (what) VALUES ('r');
  CREATE TABLE given (a int, b int DEFAULT calc(1));
  CREATE DOMAIN counted AS int DEFAULT calc(2);
  CREATE TABLE of_domain (a int, b counted);
  CREATE TABLE made (a int, g int GENERATED ALWAYS AS (calc(a)) STORED);
  CREATE TABLE refers (id int, a_code int DEFAULT calc(3) REFERENCES a (code) ON DELETE SET DEFAULT);
  CREATE TABLE indexed (a int, b text);
  CREATE INDEX ON indexed (calc(a));
  CREATE MATERIALIZED VIEW stored AS SELECT calc(id) AS n FROM c;
  CREATE TABLE members (who int, team int);
  CREATE TABLE shared_notes (id int, team int, note text);
  ALTER TABLE shared_notes ENABLE ROW LEVEL SECURITY;
  CREATE POLICY of_team ON shared_notes USING (EXISTS (SELECT 1 FROM members m WHERE m.team = shared_notes.team AND m.who = 1));
  CREATE VIEW over_notes AS SELECT note FROM shared_notes;
  CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, FINALFUNC = calc);
  CREATE FUNCTION with_default(x int DEFAULT calc(4)) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN x; END';
`;

let server: Server;
let client: pg.Client;
let catalogue: PostgresCatalogue;
beforeAll(async () => {
  server = await startServer();
  client = await server.database('consequences');
  await client.query('SET check_function_bodies = off');
  await client.query(SCHEMA);
  catalogue = await catalogueOf(client);
});
afterAll(async () => {
  await server.close();
});

async function effectsOf(text: string, against: PostgresCatalogue | undefined = catalogue): Promise<readonly Effect[]> {
  const analysis = await analyze({ text }, against);
  if (!analysis.ok) throw new Error(analysis.error.message);
  return analysis.value.effects;
}

const shown = async (text: string): Promise<string[]> =>
  (await effectsOf(text)).map(({ action, resource }) => `${action} ${resource.name}`).sort();

const CALC = 'sql:call public.calc';

describe('what comes with a statement is named', () => {
  it.each<[string, string[]]>([
    [
      'DELETE FROM a WHERE id = 1',
      [
        'sql:delete public.a',
        'sql:delete public.b',
        'sql:update public.c',
        'sql:update public.refers',
        'sql:select public.a',
        CALC,
      ],
    ],
    ['UPDATE a SET note = 1 WHERE id = 1', ['sql:update public.a', 'sql:select public.a']],
    ['UPDATE a SET id = 2 WHERE id = 1', ['sql:update public.a', 'sql:update public.b', 'sql:select public.a']],
    ['TRUNCATE a CASCADE', ['a', 'b', 'c', 'd', 'refers'].map((name) => `sql:truncate public.${name}`)],
    ['TRUNCATE log RESTART IDENTITY', ['sql:truncate public.log', 'sql:advance public.log_id_seq']],
    ['DROP VIEW va', ['sql:drop public.va']],
    ['DROP VIEW va CASCADE', ['sql:drop public.va', 'sql:drop public.vva']],
    [
      'DROP TABLE a CASCADE',
      [
        'sql:drop public.a',
        'sql:drop public.va',
        'sql:drop public.vva',
        'sql:alter public.b',
        'sql:alter public.d',
        'sql:alter public.refers',
      ],
    ],
    ['DROP TABLE part', ['sql:drop public.part', 'sql:drop public.part_1']],
    ['DROP SCHEMA side CASCADE', ['sql:drop side', 'sql:drop side.t', 'sql:drop side.f', 'sql:drop public.over_side']],
    ['DROP TYPE colour CASCADE', ['sql:drop public.colour', 'sql:drop public.painted']],
    [
      'SELECT outer_f(1)',
      [
        'sql:call public.outer_f',
        'sql:call public.inner_f',
        'sql:update public.a',
        'sql:insert public.log',
        'sql:advance public.log_id_seq',
        'sql:select public.a',
        'sql:select public.log',
      ],
    ],
    ['SELECT atomic_f(1)', ['sql:call public.atomic_f', 'sql:delete public.c', 'sql:select public.c']],
    ['SELECT opaque_f(1)', ['sql:call public.opaque_f']],
    [
      'INSERT INTO ruled VALUES (1)',
      [
        'sql:insert public.ruled',
        'sql:rule public.ruled.also',
        'sql:insert public.log',
        'sql:advance public.log_id_seq',
      ],
    ],
    ['CREATE TEMP TABLE a (id int)', ['sql:create public.a', 'sql:session temporary']],
    ['INSERT INTO routed VALUES (1, 1)', ['sql:insert public.routed', 'sql:trigger public.enters_part', CALC]],
    [
      'UPDATE routed SET n = 1 WHERE id = 1',
      ['sql:update public.routed', 'sql:select public.routed', 'sql:trigger public.fires_on_part', CALC],
    ],
    [
      'UPDATE routed SET k = 2 WHERE id = 1',
      [
        'sql:update public.routed',
        'sql:select public.routed',
        'sql:trigger public.fires_on_part',
        'sql:trigger public.enters_part',
        CALC,
      ],
    ],
    ['INSERT INTO computed_key VALUES (1)', ['sql:insert public.computed_key', CALC]],
    [
      'UPDATE old_parent SET a = 1',
      ['sql:update public.old_parent', 'sql:update public.old_child', 'sql:trigger public.fires'],
    ],
    ['UPDATE ONLY old_parent SET a = 1', ['sql:update public.old_parent']],
    ['INSERT INTO conditional VALUES (1)', ['sql:insert public.conditional', 'sql:trigger public.fires', CALC]],
    [
      'INSERT INTO ruled_if VALUES (1)',
      [
        'sql:insert public.ruled_if',
        'sql:rule public.ruled_if.in_part',
        'sql:insert public.log',
        'sql:advance public.log_id_seq',
        CALC,
      ],
    ],
    ['INSERT INTO given (a) VALUES (1)', ['sql:insert public.given', CALC]],
    ['INSERT INTO given (a, b) VALUES (1, 2)', ['sql:insert public.given']],
    ['INSERT INTO given (a, b) VALUES (1, DEFAULT)', ['sql:insert public.given', CALC]],
    ['UPDATE given SET a = 1', ['sql:update public.given']],
    ['UPDATE given SET b = DEFAULT', ['sql:update public.given', CALC]],
    ['UPDATE given SET (a, b) = (1, DEFAULT)', ['sql:update public.given', CALC]],
    ['INSERT INTO of_domain (a) VALUES (1)', ['sql:insert public.of_domain', CALC]],
    ['UPDATE made SET a = 2', ['sql:update public.made', CALC]],
    ['DELETE FROM made', ['sql:delete public.made']],
    ['ANALYZE indexed', ['sql:maintain public.indexed', CALC]],
    ['REINDEX TABLE indexed', ['sql:maintain public.indexed', CALC]],
    ['SELECT b FROM indexed WHERE a = 1', ['sql:select public.indexed']],
    ['REFRESH MATERIALIZED VIEW stored', ['sql:refresh public.stored', 'sql:select public.c', CALC]],
    ['SELECT total(id) FROM c', ['sql:select public.c', 'sql:call public.total', CALC]],
    ['SELECT note FROM shared_notes n', ['sql:select public.shared_notes', 'sql:select public.members']],
    [
      'SELECT note FROM over_notes',
      ['sql:select public.over_notes', 'sql:select public.shared_notes', 'sql:select public.members'],
    ],
    ['SELECT with_default()', ['sql:call public.with_default', CALC]],
  ])('%s', async (text, expected) => {
    expect(await shown(text)).toEqual([...expected].sort());
  });

  it('and each victim is marked as indirect, with what brings it', async () => {
    for (const effect of await effectsOf('DROP TABLE a CASCADE'))
      if (effect.resource.name !== 'public.a')
        expect(effect.attributes).toMatchObject({ indirect: true, via: 'public.a CASCADE' });
  });
});

describe('how far a statement reaches and whether it can be undone', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['DELETE FROM c', 'sql:delete', { unbounded: true, reversible: 'before-image' }],
    ['DELETE FROM c WHERE id = 1', 'sql:delete', { unbounded: false, reversible: 'before-image' }],
    ['UPDATE c SET id = 1 WHERE 1 = 1', 'sql:update', { unbounded: true }],
    ['UPDATE c SET id = 1 FROM d WHERE d.id = 1', 'sql:update', { unbounded: true }],
    ['UPDATE c SET id = 1 FROM d WHERE d.id = c.id', 'sql:update', { unbounded: false }],
    ['TRUNCATE c', 'sql:truncate', { unbounded: true, locks: true, reversible: 'no' }],
    ['DROP TABLE c', 'sql:drop', { locks: true, reversible: 'no' }],
    ['ALTER TABLE c ADD COLUMN x int', 'sql:alter', { locks: true, reversible: 'no' }],
    ['LOCK TABLE c', 'sql:lock', { locks: true, reversible: 'yes' }],
    ['SELECT id FROM c FOR UPDATE', 'sql:lock', { locks: true }],
    ['SELECT * FROM c, d', 'sql:select', { crossJoin: true, expensive: true, reversible: 'yes' }],
    ['SELECT * FROM c JOIN d USING (id)', 'sql:select', { crossJoin: false, expensive: false }],
    ['SELECT * FROM c JOIN d ON c.id = d.id, a', 'sql:select', { crossJoin: true }],
    ['SELECT * FROM generate_series(1, 100) g', 'sql:select', { expensive: false }],
    ['SELECT * FROM generate_series(1, 100000000) g', 'sql:select', { expensive: true }],
    ["SELECT lpad('x', 1000000000)", 'sql:select', { expensive: true }],
    ['WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT * FROM r', 'sql:select', { expensive: true }],
    [
      'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT * FROM r',
      'sql:select',
      { expensive: false },
    ],
    ['SELECT nextval($$log_id_seq$$)', 'sql:advance', { reversible: 'no' }],
  ])('%s', async (text, action, attributes) => {
    const effect = (await effectsOf(text)).find((candidate) => candidate.action === action);
    expect(effect?.attributes).toMatchObject(attributes);
  });
});

describe('the catalogue', () => {
  it('finds a table that was made a moment ago, once it is taken anew', async () => {
    await client.query('CREATE TABLE fresh (id int)');
    const old = await analyze({ text: 'SELECT id FROM fresh' }, catalogue);
    expect(old.ok && old.value.needsCatalogue).toBe(true);
    const anew = await catalogueOf(client);
    expect(anew.version).not.toBe(catalogue.version);
    const analysis = await analyze({ text: 'SELECT id FROM fresh' }, anew);
    expect(analysis.ok && !analysis.value.needsCatalogue).toBe(true);
  });

  it('that cannot be had leaves what needs it unreadable, with the remedy, and decides the rest', async () => {
    const [needs] = await effectsOf('SELECT id FROM c', undefined).then((all) =>
      all.filter((one) => one.group === 'unreadable'),
    );
    const without = await analyze({ text: 'SELECT id FROM c' }, undefined);
    expect(without.ok && without.value.needsCatalogue).toBe(true);
    expect(String(needs?.attributes['why'] ?? '')).not.toBe('undefined');
    for (const text of ['SELECT 1', 'SHOW work_mem', 'BEGIN', 'VACUUM']) {
      const analysis = await analyze({ text }, undefined);
      expect([text, analysis.ok && analysis.value.needsCatalogue]).toEqual([text, false]);
    }
  });

  it.each(["SELECT '\\'", "SELECT 'a\\b'", "SELECT U&'\\0041'", "SELECT B'1\\'"])(
    'vouches for how %s ends',
    async (text) => {
      const without = await analyze({ text }, undefined);
      expect(without.ok && without.value.needsCatalogue).toBe(without.ok);
      expect(without.ok).toBe(true);
      expect((await effectsOf(text)).every((effect) => effect.group === 'read')).toBe(true);
    },
  );

  it.each(["SELECT E'\\n'", 'SELECT $$\\$$', "SELECT 'plain'", 'SELECT "a\\b" FROM (SELECT 1 AS "a\\b") x'])(
    'need not be asked how %s ends',
    async (text) => {
      const without = await analyze({ text }, undefined);
      expect(without.ok && !without.value.needsCatalogue).toBe(true);
    },
  );

  const fine = {
    searchPath: ['pg_catalog', 'public'],
    standardConformingStrings: true,
    rowSecurity: true,
    statementTimeout: 45_000,
  };
  it.each<[string, Partial<typeof fine>, RegExp]>([
    ['no statement_timeout', { statementTimeout: 0 }, /statement_timeout = '45s'/],
    ['another search_path', { searchPath: ['pg_catalog', 'evil', 'public'] }, /search_path/],
    ['standard_conforming_strings off', { standardConformingStrings: false }, /standard_conforming_strings = on/],
    ['row_security off', { rowSecurity: false }, /row_security = on/],
  ])('is refused when one of the logins has %s', (_what, change, remedy) => {
    for (const [reader, writer] of [
      [fine, { ...fine, ...change }],
      [{ ...fine, ...change }, fine],
    ] as const) {
      const agreed = agreedSettings(reader, writer);
      expect(agreed.ok ? 'agreed' : agreed.error.message).toMatch(remedy);
    }
    expect(agreedSettings(fine, fine).ok).toBe(true);
  });
});
