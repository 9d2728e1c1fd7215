import { err, ok } from '../../../../shared/platform/result.ts';
import { connectFault } from './errors.ts';
import { execute, type Executed } from './execute.ts';
import { checked, type Answer, type Operation } from './protocol.ts';
import type { Registry } from './registry.ts';
import type { Login, Session, Sessions } from './sessions.ts';
import type { Transactions } from './transactions.ts';
import { beginSchema, endSchema, executeSchema, type ExecuteRequest } from './wire.ts';

export interface Parts {
  readonly registry: Registry;
  readonly sessions: Sessions;
  readonly transactions: Transactions;
  /** Told of every statement right before PostgreSQL gets it. */
  readonly reached: (request: ExecuteRequest, login: Login) => void;
  /** Told of every transaction that was committed. */
  readonly committed: (transactionId: string) => void;
}

/** What is played of the service. BatchExecuteStatement and ExecuteSql are not: the gateway never sends them. */
export function dataApiOperations(parts: Parts): ReadonlyMap<string, Operation> {
  const { registry, transactions } = parts;
  return new Map([
    ['Execute', checked(executeSchema, (request) => executeStatement(request, parts))],
    [
      'BeginTransaction',
      checked(beginSchema, async (request) => {
        const login = await registry.resolve(request);
        if (!login.ok) return login;
        const begun = await transactions.begin(request, login.value);
        return begun.ok ? ok({ transactionId: begun.value }) : begun;
      }),
    ],
    ['CommitTransaction', ending('COMMIT', transactions, parts.committed)],
    ['RollbackTransaction', ending('ROLLBACK', transactions, () => undefined)],
  ]);
}

function ending(
  how: 'COMMIT' | 'ROLLBACK',
  transactions: Transactions,
  done: (transactionId: string) => void,
): Operation {
  return checked(endSchema, async (request) => {
    const ended = await transactions.end(request.transactionId, request, how);
    if (!ended.ok) return ended;
    done(request.transactionId);
    return ok({ transactionStatus: ended.value });
  });
}

async function executeStatement(request: ExecuteRequest, parts: Parts): Promise<Answer> {
  if (request.sql.trim() === '') return err({ code: 'ValidationException', message: 'sql must not be empty' });
  const run = (session: Session, login: Login): Promise<Executed> =>
    execute(session, request, () => {
      parts.reached(request, login);
    });
  if (request.transactionId !== undefined) {
    const within = await parts.transactions.within(request.transactionId, request, run);
    return within.ok ? within.value.answer : within;
  }
  const login = await parts.registry.resolve(request);
  if (!login.ok) return login;
  let session: Session;
  try {
    session = await parts.sessions.open(login.value);
  } catch (error) {
    return err(connectFault(error));
  }
  const executed = await run(session, login.value);
  // The answer does not wait for the session to be emptied; nobody gets the session before it is.
  void session.end(executed.clean);
  return executed.answer;
}
