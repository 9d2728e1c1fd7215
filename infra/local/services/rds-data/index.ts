import type { EmbeddedService } from '../service.ts';
import { listen } from '../wire/http-server.ts';
import { dataApiOperations } from './operations.ts';
import { restJson } from './protocol.ts';
import { createRegistry, type ReadSecret, type RegisteredDatabase } from './registry.ts';
import { createSessions } from './sessions.ts';
import { createTransactions } from './transactions.ts';

export type { ReadSecret, RegisteredDatabase } from './registry.ts';

export interface RdsDataOptions {
  readonly readSecret: ReadSecret;
  readonly host?: string;
  readonly port?: number;
  /** The service cancels at 45 s. Tests shorten it. */
  readonly statementTimeoutMs?: number;
  /** The service ends a transaction after 3 minutes idle. Tests shorten it. */
  readonly transactionIdleMs?: number;
}

/** A statement that was handed to PostgreSQL. */
export interface ReachedStatement {
  readonly resourceArn: string;
  readonly database: string;
  readonly user: string;
  readonly sql: string;
  /** Inside this transaction; absent: it was one of its own. */
  readonly transactionId?: string;
}

/** The RDS Data API in front of real databases, and what tests and the stack may ask of it beside the wire. */
export interface EmbeddedRdsData extends EmbeddedService {
  register(database: RegisteredDatabase): void;
  /** Every statement that reached a database, oldest first; the last 1,000. */
  reached(): readonly ReachedStatement[];
  /** Those of them that are not rolled back or still in a transaction: what has really happened to the database. */
  kept(): readonly ReachedStatement[];
  /** Calls by operation, the refused ones too. */
  calls(): Readonly<Record<string, number>>;
}

/** A request of the service is at most 4 MiB. */
const MAX_BODY = 4 * 1_048_576;
const KEPT_STATEMENTS = 1_000;

export async function startRdsData(options: RdsDataOptions): Promise<EmbeddedRdsData> {
  const host = options.host ?? '127.0.0.1';
  const registry = createRegistry(options.readSecret);
  const sessions = createSessions(options.statementTimeoutMs ?? 45_000);
  const transactions = createTransactions(sessions, options.transactionIdleMs ?? 180_000);
  const statements: ReachedStatement[] = [];
  const committed = new Set<string>();
  const calls: Record<string, number> = {};
  const operations = dataApiOperations({
    registry,
    sessions,
    transactions,
    reached({ resourceArn, database, sql, transactionId }, login) {
      const within = transactionId === undefined ? {} : { transactionId };
      statements.push({ resourceArn, database: database ?? login.database, user: login.user, sql, ...within });
      if (statements.length > KEPT_STATEMENTS) statements.shift();
    },
    committed: (transactionId) => {
      committed.add(transactionId);
    },
  });
  const server = await listen(
    { host, port: options.port ?? 0, maxBodyBytes: MAX_BODY },
    restJson(operations, host, (operation) => {
      calls[operation] = (calls[operation] ?? 0) + 1;
    }),
  );
  return {
    name: 'RDS Data API',
    endpointVariable: 'AWS_ENDPOINT_URL_RDS_DATA',
    url: server.url,
    register: (database) => {
      registry.register(database);
    },
    reached: () => [...statements],
    kept: () => statements.filter(({ transactionId }) => transactionId === undefined || committed.has(transactionId)),
    calls: () => ({ ...calls }),
    async close() {
      await server.close();
      await transactions.close();
      await sessions.close();
    },
  };
}
