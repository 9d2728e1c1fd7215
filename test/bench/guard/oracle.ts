import pg from 'pg';

/** What a statement that we called a read did to a real database, when a superuser ran it. */
export type Verdict =
  | { readonly kind: 'read' }
  | { readonly kind: 'acted'; readonly how: string }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * State that reads leave alone, in one row: the next transaction id (any row written, also by another session or a
 * NOTIFY, moves it), sequences, advisory locks, session state, settings, server state.
 */
const FINGERPRINT = `SELECT json_build_object(
  'transactions', pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot()),
  'sequences', (SELECT md5(string_agg(s::text, ',')) FROM pg_catalog.pg_sequences s),
  'locks', (SELECT count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory'),
  'channels', (SELECT count(*) FROM pg_catalog.pg_listening_channels()),
  'kept', (SELECT count(*) FROM pg_catalog.pg_cursors) + (SELECT count(*) FROM pg_catalog.pg_prepared_statements),
  'settings', (SELECT md5(string_agg(name || setting, ',' ORDER BY name)) FROM pg_catalog.pg_settings),
  'loaded', pg_catalog.pg_conf_load_time(),
  'slots', (SELECT count(*) FROM pg_catalog.pg_replication_slots),
  'origins', (SELECT count(*) FROM pg_catalog.pg_replication_origin),
  'roles', (SELECT count(*) FROM pg_catalog.pg_authid),
  'resets', (SELECT max(stats_reset) FROM pg_catalog.pg_stat_database),
  'sessions', (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend')
) AS state`;

/** Locks that others would wait for, held by this transaction. EXPLAIN of a write takes the lock of planning it. */
const LOCKS = `SELECT pg_catalog.pg_current_xact_id_if_assigned() IS NOT NULL AS wrote,
  (SELECT string_agg(DISTINCT l.mode, ',') FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid()
    AND l.locktype <> 'virtualxid' AND l.mode <> 'AccessShareLock') AS locks`;

/** The rows of every user table. */
const ROWS = `SELECT md5(string_agg(t.relname || pg_catalog.query_to_xml(format('SELECT count(*), md5(string_agg(x::text, %L ORDER BY x::text)) FROM ONLY %s x', ',', t.oid::regclass), true, true, '')::text, ',' ORDER BY t.oid))
  FROM pg_catalog.pg_class t WHERE t.relkind = 'r' AND t.oid >= 16384`;

export class Oracle {
  readonly #client: pg.Client;
  #before: Record<string, unknown> | undefined;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Runs it in a transaction that commits, so that deferred things happen as well, and compares. */
  async judge(sql: string): Promise<Verdict> {
    this.#before ??= await this.#state();
    let held: { wrote: boolean; locks: string | null } | undefined;
    let failure: string | undefined;
    try {
      await this.#client.query('BEGIN');
      await this.#drain(sql);
      held = (await this.#client.query<{ wrote: boolean; locks: string | null }>(LOCKS)).rows[0];
      await this.#client.query('COMMIT');
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      await this.#client.query('ROLLBACK');
    }
    const after = await this.#state();
    const changed = Object.keys(after).filter(
      (name) => JSON.stringify(after[name]) !== JSON.stringify(this.#before?.[name]),
    );
    // A failed statement may have begun a transaction id for itself; what stays is told by the rest.
    const matter = failure === undefined ? changed : changed.filter((name) => name !== 'transactions');
    this.#before = after;
    if (matter.length > 0) return { kind: 'acted', how: `changed ${matter.join(', ')}` };
    if (held?.wrote === true) return { kind: 'acted', how: 'wrote' };
    const isPlan = /^\s*explain/i.test(sql);
    const locks = held?.locks ?? null;
    if (locks !== null && !isPlan) return { kind: 'acted', how: `held ${locks}` };
    return failure === undefined ? { kind: 'read' } : { kind: 'failed', message: failure };
  }

  /** However long it takes: on a busy machine the tables of a whole regression suite need more than a statement may. */
  async rows(): Promise<string> {
    return unhurried(this.#client, async () => {
      const answer = await this.#client.query<{ md5: string }>(ROWS);
      return answer.rows[0]?.md5 ?? '';
    });
  }

  /** Rows are let go one by one: a series of a million must not fill our memory. */
  #drain(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const query = new pg.Query({ text: sql, queryMode: 'extended' } as pg.QueryConfig);
      query.on('row', () => undefined);
      query.on('end', () => {
        resolve();
      });
      query.on('error', reject);
      this.#client.query(query);
    });
  }

  async #state(): Promise<Record<string, unknown>> {
    const answer = await this.#client.query<{ state: Record<string, unknown> }>(FINGERPRINT);
    return answer.rows[0]?.state ?? {};
  }
}

/** Runs `work` with a statement_timeout of ten minutes, and puts back the one that was. */
export async function unhurried<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const [before] = (await client.query<{ statement_timeout: string }>('SHOW statement_timeout')).rows;
  await client.query(`SET statement_timeout = '10min'`);
  const result = await work();
  await client.query(`SET statement_timeout = '${before?.statement_timeout ?? '5s'}'`);
  return result;
}
