/**
 * A database of canaries, twice: two worlds of one shape whose unclassified values are equal, and whose classified ones
 * differ in every letter, in length, in order and in which of them are equal. NULLs stand at the same places: that a
 * column holds none is shown by design.
 */
export type WorldName = 'eastworld' | 'westworld';

export interface Canaries {
  readonly email: readonly string[];
  readonly phone: readonly string[];
  readonly ssn: readonly string[];
  readonly number: readonly string[];
  readonly token: readonly string[];
  readonly secret: readonly string[];
}

const LETTERS: Readonly<Record<WorldName, string>> = { eastworld: 'qzxjkvwy', westworld: 'bfghmpuc' };

/** Text that no ordinary value holds: from the letters of its world, by arithmetic. */
function word(world: WorldName, kind: number, row: number, length: number): string {
  const letters = LETTERS[world];
  return Array.from({ length }, (_, at) => letters[(kind * 5 + row * (at + 3) + at * at) % letters.length]).join('');
}

const digits = (world: WorldName, kind: number, row: number, length: number): string =>
  Array.from({ length }, (_, at) =>
    String((kind * 7 + row * (at + (world === 'eastworld' ? 2 : 5)) + at * at * 3) % 10),
  ).join('');

const ROWS = 12;
const rows = <T>(make: (row: number) => T): T[] => Array.from({ length: ROWS }, (_, row) => make(row));

export function canariesOf(world: WorldName): Canaries {
  const extra = world === 'eastworld' ? 0 : 3;
  // In the left world the last two rows share their phone, in the right one the first two.
  const twin = (row: number): number => (world === 'eastworld' ? Math.min(row, 10) : Math.max(row, 1));
  return {
    email: rows(
      (row) =>
        `${word(world, 1, world === 'eastworld' ? row : 11 - row, 9 + extra)}${row}@${word(world, 2, row, 8)}.example`,
    ),
    phone: rows((row) => `${word(world, 3, twin(row), 4)}-${digits(world, 3, twin(row), 9 + extra)}`),
    ssn: rows((row) => `${world === 'eastworld' ? '7' : '5'}${digits(world, 4, row, 6)}${String(row + 10)}`),
    number: rows((row) => `${world === 'eastworld' ? '9' : '8'}${digits(world, 5, row, 13)}${String(row + 10)}`),
    token: rows((row) => `${word(world, 6, row, 20 + extra)}_${String(row)}`),
    secret: rows((row) => word(world, 7, row, 10 + extra)),
  };
}

const quoted = (text: string | undefined): string => `'${text ?? ''}'`;

export function schemaOf(world: WorldName): string {
  const { email, phone, ssn, number, token, secret } = canariesOf(world);
  const clients = rows((row) =>
    [
      row + 1,
      `'Client ${String(row + 1)}'`,
      quoted(email[row]),
      row === 5 ? 'NULL' : quoted(phone[row]),
      ssn[row],
      `date '${world === 'eastworld' ? '1961' : '1984'}-0${String(1 + (row % 9))}-1${String(row % 10)}'`,
      world === 'eastworld' ? 41_000 + row * 317 : 78_000 - row * 211,
      `ARRAY[${quoted(secret[row])}, ${quoted(`${secret[row] ?? ''}2`)}${world === 'eastworld' ? '' : `, ${quoted('x')}`}]`,
      `'{"hobby": "${secret[row] ?? ''}", "list": [${world === 'eastworld' ? '1' : '1, 2'}]}'`,
      `'City ${String(row % 4)}'`,
      1 + (row % 3),
    ].join(', '),
  );
  const cards = rows(
    (row) =>
      `${String(row + 1)}, ${String(row + 1)}, ${quoted(number[row])}, ${world === 'eastworld' ? 300 + row : 700 - row}, ${String(100 * row)}`,
  );
  const tokens = rows(
    (row) =>
      `${String(row + 1)}, ${String(row + 1)}, ${quoted(token[row])}, convert_to(${quoted(secret[row])}, 'UTF8')`,
  );
  const visits = rows(
    (row) =>
      `${String(row + 1)}, ${String(1 + ((row * 5) % ROWS))}, timestamp '2026-01-0${String(1 + (row % 9))} 10:00', '/page/${String(row % 5)}', ${String(row * 3)}`,
  );
  return `
CREATE TABLE teams (id int PRIMARY KEY, name text NOT NULL, city text NOT NULL);
INSERT INTO teams VALUES (1, 'Red', 'City 0'), (2, 'Blue', 'City 1'), (3, 'Green', 'City 2');
CREATE TABLE clients (id int PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, phone text, ssn bigint, birth date,
  salary int, tags text[], profile jsonb, city text NOT NULL, team_id int REFERENCES teams (id),
  handle text GENERATED ALWAYS AS (lower(email)) STORED, short text GENERATED ALWAYS AS (left(phone, 6)) VIRTUAL);
INSERT INTO clients (id, name, email, phone, ssn, birth, salary, tags, profile, city, team_id) VALUES (${clients.join('), (')});
CREATE TABLE cards (id int PRIMARY KEY, client_id int REFERENCES clients (id), number text UNIQUE, cvv int, amount int);
INSERT INTO cards VALUES (${cards.join('), (')});
CREATE TABLE tokens (id int PRIMARY KEY, client_id int, token text, sealed bytea);
INSERT INTO tokens VALUES (${tokens.join('), (')});
CREATE TABLE visits (id int PRIMARY KEY, client_id int, at timestamp, page text, n int);
INSERT INTO visits VALUES (${visits.join('), (')});
CREATE TABLE events (id int, kind text, payload text) PARTITION BY LIST (kind);
CREATE TABLE events_a PARTITION OF events FOR VALUES IN ('a');
CREATE TABLE events_b PARTITION OF events FOR VALUES IN ('b');
INSERT INTO events SELECT id, CASE WHEN id % 2 = 0 THEN 'a' ELSE 'b' END, token FROM tokens;
CREATE TABLE people (id int, label text);
CREATE TABLE staff (badge text) INHERITS (people);
INSERT INTO staff SELECT id, 'Person ' || id, token FROM tokens;
CREATE TABLE notes (id int PRIMARY KEY, client_id int, body text);
INSERT INTO notes SELECT id, id, 'Note ' || id FROM visits;
CREATE TABLE invites (id int PRIMARY KEY, address text REFERENCES clients (email));
INSERT INTO invites SELECT id, email FROM clients WHERE id < 4;
CREATE VIEW contacts AS SELECT id, name AS who, email AS address, upper(phone) AS tel FROM clients;
CREATE VIEW cities AS SELECT city, count(*) AS clients, max(email) AS newest FROM clients GROUP BY city;
CREATE VIEW reach AS SELECT c.who, v.page, c.address FROM contacts c JOIN visits v ON v.client_id = c.id;
CREATE MATERIALIZED VIEW kept AS SELECT id, email || ' ' || coalesce(phone, '-') AS line FROM clients;
CREATE FUNCTION address_of(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT email FROM clients WHERE id = $1';
CREATE FUNCTION all_clients() RETURNS SETOF clients LANGUAGE sql STABLE AS 'SELECT * FROM clients';
CREATE FUNCTION pairs() RETURNS TABLE (a int, b text) LANGUAGE sql STABLE AS 'SELECT id, phone FROM clients';
CREATE FUNCTION city_of(wanted int) RETURNS text LANGUAGE sql STABLE AS 'SELECT city FROM clients WHERE id = wanted';
CREATE FUNCTION greeting(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN 'Dear ' || $1;
CREATE FUNCTION ids_after(text) RETURNS SETOF int LANGUAGE sql STABLE AS 'SELECT id FROM clients WHERE email > $1';
CREATE FUNCTION team_ids(int) RETURNS SETOF int LANGUAGE sql STABLE AS 'SELECT id FROM clients WHERE team_id = $1 ORDER BY id';
CREATE FUNCTION best_paid() RETURNS text LANGUAGE sql STABLE AS 'SELECT name FROM clients ORDER BY salary DESC LIMIT 1';
CREATE FUNCTION by_code(int) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT email FROM clients WHERE id = $1); END';
CREATE PROCEDURE copies() LANGUAGE sql AS 'UPDATE notes SET body = (SELECT email FROM clients WHERE id = 1) WHERE id = 12';
CREATE TABLE pay (id int, salary int, note text) PARTITION BY RANGE (salary);
CREATE TABLE pay_low PARTITION OF pay FOR VALUES FROM (0) TO (60000);
CREATE TABLE pay_high PARTITION OF pay FOR VALUES FROM (60000) TO (1000000);
INSERT INTO pay SELECT id, CASE WHEN id % 2 = ${world === 'eastworld' ? '0' : '1'} THEN 20000 ELSE 90000 END + id, 'Note ' || id FROM clients;
CREATE STATISTICS both_names (mcv) ON city, name FROM clients;
CREATE SEQUENCE counters;
`;
}

/** What the configuration classifies. `people` is not named: `staff` is, and its rows come with `people`. */
export const CLASSES: Readonly<Record<string, string>> = {
  'public.clients.email': 'pii.email',
  'public.clients.phone': 'pii.phone',
  'public.clients.ssn': 'pii.national_id',
  'public.clients.birth': 'pii.birth',
  'public.clients.salary': 'pii.salary',
  'public.clients.tags': 'pii.tags',
  'public.clients.profile': 'pii.profile',
  'public.cards.number': 'pci.card',
  'public.cards.cvv': 'pci.cvv',
  'public.tokens.token': 'secret.token',
  'public.tokens.sealed': 'secret.sealed',
  'public.events.payload': 'secret.token',
  'public.pay.salary': 'pii.salary',
  'public.staff.badge': 'secret.token',
  'public.staff.label': 'pii.label',
};
