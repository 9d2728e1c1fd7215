import type { DataApiAccess } from '../../connectors/postgres/data-api.ts';
import type { TargetOutcome } from '../../domain/result-set.ts';

/** `ERROR: relation "x" does not exist; Position: 15; SQLState: 42P01` → `42P01` (PostgreSQL, appendix A). */
export function sqlState(message: string): string | undefined {
  return /(?:^|[;\s])SQLState: ([0-9A-Z]{5})\s*$/.exec(message)?.[1];
}

/** Refused at the door: invalid authorization, no such database, too many connections, starting up or shutting down. */
const AT_THE_DOOR = /^(?:28|3D|53300|57P03)/;

/** The session broke, or PostgreSQL itself says that it does not know: connection exceptions, shutdown, crash, 40003. */
const CUT_SHORT = /^(?:08(?!P01)|57P0[125]|40003)/;

/** Refusals of the service's own that come before the database, as far as they are known by their words. */
const OF_THE_CALL = /^(?:Cannot find parameter|Database name|Parameter )/;

/** What PostgreSQL's own error, passed on by the service, says of what was kept. */
export function databaseOutcome(message: string, access: DataApiAccess): TargetOutcome {
  const code = sqlState(message);
  const plain = message.replace(/^ERROR: /, '').replace(/;\s*SQLState: [0-9A-Z]{5}\s*$/, '');
  if (code === undefined) {
    if (access === 'read' || OF_THE_CALL.test(message))
      return { kind: 'refused', code: 'invalid_call', message: plain };
    return {
      kind: 'unknown',
      message: `The Data API refused without a SQLSTATE and its message is withheld, since it may quote values. It may have run.`,
    };
  }
  if (AT_THE_DOOR.test(code) || (message.startsWith('FATAL') && code === '42501')) {
    return { kind: 'unavailable', message: `The database refused the login (${code})` };
  }
  if (CUT_SHORT.test(code)) {
    return access === 'read'
      ? { kind: 'unavailable', message: `The session ended early (${code}); a read may be sent again` }
      : { kind: 'unknown', message: `The session ended early (${code}). It may have run.` };
  }
  // One statement is one transaction: an error undoes all of it.
  return { kind: 'refused', code, message: plain };
}
