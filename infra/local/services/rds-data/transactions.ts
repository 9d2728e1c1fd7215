import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import type { Executed } from './execute.ts';
import type { Login, Session, Sessions } from './sessions.ts';
import { connectFault, statementFault } from './errors.ts';
import type { DataApiFault } from './wire.ts';

interface Open {
  readonly session: Session;
  readonly login: Login;
  readonly owner: string;
  busy: boolean;
  idle: NodeJS.Timeout;
}

/** The cluster and secret that began a transaction; the same must end it. */
export interface Owner {
  readonly resourceArn: string;
  readonly secretArn: string;
}

/** Transactions that outlive a call. Three minutes idle end one, as in the service, and so does the stack's end. */
export interface Transactions {
  begin(owner: Owner, login: Login): Promise<Result<string, DataApiFault>>;
  /** Runs `work` in the transaction; two at once are refused, as the service does. */
  within(
    id: string,
    owner: Owner,
    work: (session: Session, login: Login) => Promise<Executed>,
  ): Promise<Result<Executed, DataApiFault>>;
  end(id: string, owner: Owner, how: 'COMMIT' | 'ROLLBACK'): Promise<Result<string, DataApiFault>>;
  close(): Promise<void>;
}

export function createTransactions(sessions: Sessions, idleMs: number): Transactions {
  const open = new Map<string, Open>();
  const drop = async (id: string): Promise<void> => {
    const found = open.get(id);
    open.delete(id);
    if (found === undefined) return;
    clearTimeout(found.idle);
    // Cutting the session is a rollback.
    await found.session.end(false);
  };
  const alarm = (id: string): NodeJS.Timeout => setTimeout(() => void drop(id), idleMs).unref();
  const take = (id: string, owner: Owner): Result<Open, DataApiFault> => {
    const found = open.get(id);
    if (found?.owner !== ownerKey(owner))
      return err({ code: 'TransactionNotFoundException', message: `Transaction ${id} is not found` });
    if (found.busy) return err({ code: 'DatabaseErrorException', message: 'Transaction is still running a query' });
    clearTimeout(found.idle);
    found.busy = true;
    return ok(found);
  };
  return {
    async begin(owner, login) {
      try {
        const session = await sessions.open(login);
        await session.client.query('BEGIN').catch(async (error: unknown) => {
          await session.end(false);
          throw error;
        });
        const id = randomBytes(48).toString('base64');
        open.set(id, { session, login, owner: ownerKey(owner), busy: false, idle: alarm(id) });
        return ok(id);
      } catch (error) {
        return err(connectFault(error));
      }
    },
    async within(id, owner, work) {
      const taken = take(id, owner);
      if (!taken.ok) return taken;
      const value = await work(taken.value.session, taken.value.login);
      taken.value.busy = false;
      taken.value.idle = alarm(id);
      if (!value.clean) await drop(id);
      return ok(value);
    },
    async end(id, owner, how) {
      const taken = take(id, owner);
      if (!taken.ok) return taken;
      open.delete(id);
      const done = await taken.value.session.client.query(how).then(
        ({ command }) => ok(command),
        (error: unknown) => err(error),
      );
      // A deferred constraint is an answer like any other; the session that gave it may serve on.
      await taken.value.session.end(done.ok || done.error instanceof pg.DatabaseError);
      if (!done.ok) return err(endFault(done.error, how));
      // PostgreSQL answers the COMMIT of a transaction that an error has aborted with ROLLBACK, and means it.
      if (done.value !== how) return err({ code: 'DatabaseErrorException', message: ABORTED });
      return ok(how === 'COMMIT' ? 'Transaction Committed' : 'Rollback Complete');
    },
    async close() {
      await Promise.all([...open.keys()].map(drop));
    },
  };
}

const ABORTED =
  'ERROR: current transaction is aborted, commands ignored until end of transaction block; SQLState: 25P02';

const endFault = (error: unknown, how: string): DataApiFault =>
  error instanceof Error
    ? statementFault(error)
    : { code: 'InternalServerErrorException', message: `${how} got no answer` };

const ownerKey = (owner: Owner): string => JSON.stringify([owner.resourceArn, owner.secretArn]);
