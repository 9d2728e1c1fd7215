import { PostgresCatalogue } from '../../../shared/connectors/postgres/catalogue/index.ts';
import { snapshotSchema } from '../../../shared/connectors/postgres/catalogue/model.ts';
import type { RelationFacts, Snapshot } from '../../../shared/connectors/postgres/catalogue/model.ts';

type Extra = Partial<Omit<RelationFacts, 'columns'>> & { readonly values?: Readonly<Record<string, string>> };

/** A relation from `name: columns`, e.g. `relation('customers', 'id name email')`; a column may carry a type: `n:mood`. */
export function relation(name: string, columns: string, extra: Extra = {}): RelationFacts {
  const { values = {}, ...facts } = extra;
  return {
    schema: 'public',
    name,
    kind: 'r',
    parents: [],
    partition: false,
    triggers: [],
    rules: [],
    cascades: [],
    checks: [],
    policies: [],
    referencedBy: [],
    dependents: [],
    supports: [],
    unique: [],
    references: [],
    ...facts,
    columns: columns.split(' ').map((column) => {
      const [only = '', type = 'pg_catalog.text'] = column.split(':');
      const value = values[only];
      return { name: only, type, ...(value === undefined ? {} : { value }) };
    }),
  };
}

export function fn(name: string, args: readonly string[] = [], schema = 'public'): Snapshot['functions'][number] {
  return { schema, name, kind: 'f', volatility: 'v', securityDefiner: false, language: 'sql', arguments: [...args] };
}

/** One in plain SQL, of one number. */
const sql = (name: string, body: string): Snapshot['functions'][number] => ({ ...fn(name, ['pg_catalog.int4']), body });

/** A shop with one of each thing that can hide an effect. */
export const shop: Snapshot = snapshotSchema.parse({
  settings: {
    searchPath: ['pg_catalog', 'public'],
    serverVersion: 180004,
    standardConformingStrings: true,
    volatileBuiltins: [
      'random',
      'nextval',
      'setval',
      'set_config',
      'pg_sleep',
      'pg_read_file',
      'lo_import',
      'query_to_xml',
      'pg_terminate_backend',
      'pg_advisory_lock',
      'pg_notify',
      'currval',
    ],
    eventTriggers: [],
  },
  relations: [
    relation('customers', 'id name email phone city', {
      values: { id: `nextval('customers_id_seq'::regclass)` },
      cascades: [
        {
          name: 'orders_customer_fk',
          relation: 'public.orders',
          columns: ['customer_id'],
          keys: ['id'],
          event: 'delete',
          does: 'delete',
        },
      ],
    }),
    relation('orders', 'id customer_id status total', {
      triggers: [{ name: 'audit_orders', function: 'public.audit', events: ['insert', 'update', 'delete'] }],
    }),
    relation('payments', 'id order_id card_number amount'),
    relation('customers_id_seq', 'last_value', { kind: 'S' }),
    relation('contacts', 'id contact tel', {
      kind: 'v',
      definition: 'SELECT id, email AS contact, upper(phone) AS tel FROM customers;',
    }),
    relation('cities', 'city n', { kind: 'm', definition: 'SELECT city, count(*) AS n FROM customers GROUP BY city;' }),
    relation('secure', 'id owner', { policies: ['(evil(id) = 1)'] }),
    relation('ruled', 'a', { rules: [{ name: 'instead', event: 'insert' }] }),
    relation('parted', 'id secret', { kind: 'p', partitionBy: ['secret'] }),
    relation('parted_1', 'id secret', { parents: ['public.parted'], partition: true }),
    relation('parent', 'a'),
    relation('child', 'a b', { parents: ['public.parent'] }),
    relation('checked', 'a', { checks: ['(evil(a) > 0)'] }),
    relation('invites', 'id:pg_catalog.int4 address', {
      references: [{ column: 'address', relation: 'public.customers', key: 'email' }],
    }),
    relation('moods', 'id mood:public.mood'),
    relation('customers', 'id ssn', { schema: 'other' }),
    relation('pg_stats', 'tablename most_common_vals', { schema: 'pg_catalog', kind: 'v' }),
    relation('pg_class', 'oid relname', { schema: 'pg_catalog' }),
  ],
  functions: [
    fn('evil', ['pg_catalog.int4']),
    sql('city_of', 'SELECT city FROM customers WHERE id = $1'),
    sql('mail_of', 'SELECT email FROM customers WHERE id = wanted'),
    sql('doubled', 'SELECT $1 || $1'),
    sql('nested', "SELECT city_of($1) || '!'"),
    { ...sql('cities_of', 'SELECT city FROM customers ORDER BY phone'), set: true },
    sql('copying', 'UPDATE orders SET status = (SELECT email FROM customers) WHERE id = $1 RETURNING status'),
    { ...sql('ids_of', 'SELECT id FROM customers WHERE email = $1'), set: true },
    sql('divided', 'SELECT 1 / $1'),
    sql('hidden', 'SELECT evil($1)'),
    sql('endless', 'SELECT endless($1)'),
    fn('audit'),
    fn('secret_of', ['public.customers']),
    fn('lower', ['public.mood']),
    fn('mood_int', ['public.mood']),
    fn('plus', ['pg_catalog.int4', 'pg_catalog.int4']),
  ],
  operators: [
    { schema: 'public', name: '+#+', left: 'pg_catalog.int4', right: 'pg_catalog.int4', function: 'public.plus' },
    { schema: 'public', name: '<', left: 'public.mood', right: 'public.mood', function: 'public.mood_int' },
  ],
  casts: [{ source: 'public.mood', target: 'pg_catalog.int4', function: 'public.mood_int', context: 'i' }],
  types: [
    { schema: 'public', name: 'positive', kind: 'd', parts: ['pg_catalog.int4'], checks: ['(evil(VALUE) > 0)'] },
    { schema: 'public', name: 'mood', kind: 'e', parts: [], checks: [] },
    { schema: 'public', name: 'pair', kind: 'c', parts: ['pg_catalog.int4', 'public.positive'], checks: [] },
  ],
});

export const shopCatalogue = (): Promise<PostgresCatalogue> => PostgresCatalogue.create(shop);
