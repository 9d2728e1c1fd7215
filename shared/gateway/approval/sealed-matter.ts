import type { Connection } from '../../contracts/config/connection.ts';
import type { Asked } from '../../domain/event.ts';
import type { SealedMatter } from '../../domain/seal.ts';
import type { Session } from '../../domain/session.ts';
import type { Statement } from '../../domain/statement.ts';
import { digestOf } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';

/** What the seal of a recorded question is over, with the connection and the policies of a given moment. */
export function sealedMatter(
  session: Session,
  asked: Asked,
  connection: Connection,
  statement: Statement,
  policyVersion: string,
): SealedMatter {
  return {
    connection: session.submitted.connection,
    target: digestOf(toJson(connection)),
    statement,
    agent: session.submitted.agent,
    policyVersion,
    expiresAt: asked.expiresAt,
    nonce: asked.nonce,
    ...(asked.bound === undefined ? {} : { bound: asked.bound }),
  };
}

/** The exact thing to run, from the record. */
export function statementOnRecord(session: Session, text: string): Statement {
  const { parameters, body } = session.submitted;
  return {
    text,
    ...(parameters === undefined ? {} : { parameters }),
    ...(body === undefined ? {} : { body }),
  };
}
