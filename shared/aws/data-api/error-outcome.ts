import type { DataApiAccess } from '../../connectors/postgres/data-api.ts';
import type { TargetOutcome } from '../../domain/result-set.ts';
import { databaseOutcome } from './database-error.ts';

/** What was at stake in a call, and how long its answer was waited for. */
export interface Attempt {
  readonly access: DataApiAccess;
  readonly timeoutSeconds: number;
}

/**
 * What a failed call means for what the database did. The question is never "did it work" but "can it have run":
 * only what certainly did not is `unavailable`; a write that may have run is `unknown`, and no machine sends it again.
 */
export function outcomeOfError(error: unknown, call: Attempt): TargetOutcome {
  const { name, code, message } = facts(error);
  if (BEFORE_THE_DATABASE.has(name))
    return { kind: 'unavailable', message: `The database did not take the call (${name}): ${message}` };
  if (isBeforeSending(name, code, message)) {
    return { kind: 'unavailable', message: `The statement was not sent (${code ?? name}); try again later` };
  }
  if (message.includes('allowed response size limit') || message.includes('exceeds the size limit')) {
    return afterRunning(
      call.access,
      'result_too_large',
      'The answer is larger than the 1 MiB (64 KB a row) of the Data API. Add a LIMIT or name fewer columns.',
    );
  }
  switch (name) {
    case 'DatabaseErrorException':
    case 'BadRequestException':
      return databaseOutcome(message, call.access);
    case 'ValidationException':
      return { kind: 'refused', code: 'invalid_call', message };
    case 'UnsupportedResultException':
      return afterRunning(call.access, 'unsupported_result', `${message} Cast that column to text, e.g. column::text.`);
    case 'StatementTimeoutException':
      // The service cancels at 45 s, and a cancel can lose the race against the commit.
      return afterRunning(
        call.access,
        '57014',
        'The statement ran into the 45 s limit of the Data API and was cancelled. Ask for less at a time.',
      );
    case 'AbortError':
      return afterRunning(call.access, 'timeout', `No answer within ${call.timeoutSeconds} s. Ask for less at a time.`);
    default:
      return lost(call.access, `${name}: ${message}`);
  }
}

/** Errors that the service gives before it hands anything to the database (RDS Data API reference, error sections). */
const BEFORE_THE_DATABASE = new Set([
  'AccessDeniedException',
  'ForbiddenException',
  'NotFoundException',
  'DatabaseNotFoundException',
  'DatabaseResumingException',
  'HttpEndpointNotEnabledException',
  'InvalidResourceStateException',
  'InvalidSecretException',
  'SecretsErrorException',
  'ServiceUnavailableError',
  'ThrottlingException',
  'TooManyRequestsException',
  // Ours: the call was not signed, or not in a way that AWS accepts.
  'CredentialsProviderError',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);

/** No connection was made, so no byte of the statement left. A reset is not among them: it may follow the sending. */
function isBeforeSending(name: string, code: string | undefined, message: string): boolean {
  if (code !== undefined && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code))
    return true;
  return name === 'TimeoutError' && message.includes('did not establish a connection');
}

/** The statement ran, or was running: harmless for a read, undecided for anything else. */
function afterRunning(access: DataApiAccess, code: string, message: string): TargetOutcome {
  if (access === 'read') return { kind: 'refused', code, message };
  return { kind: 'unknown', message: `${message} It may have run.` };
}

function lost(access: DataApiAccess, message: string): TargetOutcome {
  if (access === 'read')
    return { kind: 'unavailable', message: `The answer was lost (${message}); a read may be sent again` };
  return { kind: 'unknown', message: `The answer was lost (${message}). It may have run.` };
}

interface ErrorFacts {
  readonly name: string;
  /** Of the operating system, e.g. ECONNREFUSED. */
  readonly code: string | undefined;
  readonly message: string;
}

function facts(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: 'Error', code: undefined, message: 'unknown error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, code, message: error.message };
}
