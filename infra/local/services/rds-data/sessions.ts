import { createHash } from 'node:crypto';
import pg from 'pg';

/** A database and a login to it. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export interface Session {
  readonly client: pg.ClientBase;
  /** `clean`: the session answered to the end and may serve somebody else, emptied first; otherwise it is cut. */
  end(clean: boolean): Promise<void>;
}

/** Sessions are kept warm, as the service keeps them, but nothing of one call may reach the next. */
export interface Sessions {
  open(login: Login): Promise<Session>;
  close(): Promise<void>;
}

/** Eight sessions a login and 60 in the server: a laptop's load, and a runaway loop still leaves room for psql. */
const PER_LOGIN = 8;

export function createSessions(statementTimeoutMs: number): Sessions {
  const pools = new Map<string, pg.Pool>();
  const poolOf = (login: Login): pg.Pool => {
    const key = createHash('sha256').update(JSON.stringify(login)).digest('hex');
    const known = pools.get(key);
    if (known !== undefined) return known;
    const pool = new pg.Pool({
      ...login,
      max: PER_LOGIN,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 10_000,
      allowExitOnIdle: true,
      options: `-c statement_timeout=${statementTimeoutMs} -c timezone=UTC -c datestyle=ISO,MDY -c intervalstyle=postgres -c bytea_output=hex`,
    });
    // An idle session that the server ends is no error of anybody's.
    pool.on('error', () => undefined);
    // One that is at work says so through its statement as well.
    pool.on('connect', (client) => {
      client.on('error', () => undefined);
    });
    pools.set(key, pool);
    return pool;
  };
  const live = new Set<() => void>();
  return {
    async open(login) {
      const client = await poolOf(login).connect();
      const release = once((clean: boolean) => {
        live.delete(cut);
        client.release(!clean);
      });
      const cut = (): void => {
        release(false);
      };
      live.add(cut);
      return {
        client,
        end: async (clean) => {
          release(clean && (await emptied(client)));
        },
      };
    },
    async close() {
      // A statement that still runs must not hold up Ctrl-C for its 45 s.
      for (const cut of live) cut();
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

/** DISCARD ALL: temporary tables, prepared statements, settings, roles, advisory locks, LISTEN. */
function emptied(client: pg.PoolClient): Promise<boolean> {
  return client.query('DISCARD ALL').then(
    () => true,
    () => false,
  );
}

function once(run: (clean: boolean) => void): (clean: boolean) => void {
  let done = false;
  return (clean) => {
    if (!done) run(clean);
    done = true;
  };
}
