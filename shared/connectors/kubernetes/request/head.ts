import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { refuse } from './fault.ts';
import type { Method } from './model.ts';

/** Request line and headers as they stand in a statement; nothing is decoded yet. */
export interface RawHead {
  readonly method: Method;
  readonly target: string;
  readonly contentType?: string;
  readonly accept?: string;
}

/** Characters of request line and headers. A URL of 8 KiB is what servers on the way take; kubectl's longest are a tenth of that. */
const MAX_HEAD = 8_192;

const METHODS: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * `METHOD /path?query`, and under it `Content-Type` and `Accept` where they are needed, each on a line of its own. One
 * space, no version of HTTP, line feeds only: whatever else a lenient reader would take has no second meaning here.
 */
export function readHead(text: string): Result<RawHead, StatementFault> {
  if (text.trim() === '') return refuse('statement_empty', 'is empty. Send e.g. GET /api/v1/namespaces/prod/pods');
  if (text.includes('\0')) return refuse('nul_byte', 'holds a NUL byte.');
  if (!text.isWellFormed()) return refuse('invalid_unicode', 'holds half of a surrogate pair.');
  if (text.length > MAX_HEAD)
    return refuse('statement_too_large', `has ${text.length} characters; at most ${MAX_HEAD} are read.`);
  // Printable ASCII alone: a tab, a carriage return or a look-alike would be one thing here and another on the wire.
  if (!/^[\x20-\x7e\n]*$/.test(text))
    return refuse(
      'syntax_error',
      'holds a character that is not printable ASCII. Encode it in the query, e.g. %C3%A9.',
    );
  const [line = '', ...headers] = text.split('\n');
  const parts = /^([A-Z]+) (\S+)$/.exec(line);
  const method = METHODS.find((known) => known === parts?.[1]);
  const target = parts?.[2];
  if (method === undefined || target === undefined)
    return refuse('syntax_error', `begins with METHOD /path, with METHOD one of ${METHODS.join(', ')} and one space.`);
  return readHeaders({ method, target }, headers);
}

function readHeaders(head: RawHead, lines: readonly string[]): Result<RawHead, StatementFault> {
  let read = head;
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Za-z0-9-]+): (\S(?:.*\S)?)$/.exec(line) ?? [];
    const member = MEMBERS.get(name.toLowerCase());
    if (member === undefined) return refuse('syntax_error', whyNot(name));
    if (read[member] !== undefined) return refuse('syntax_error', `gives ${name} twice.`);
    read = { ...read, [member]: value };
  }
  return ok(read);
}

const MEMBERS: ReadonlyMap<string, 'contentType' | 'accept'> = new Map([
  ['content-type', 'contentType'],
  ['accept', 'accept'],
]);

/** Headers by which an API server or a proxy before it is told who is calling. The gateway alone says that. */
const IDENTITY = /^(impersonate-|x-remote-|authorization$|proxy-authorization$|cookie$|x-forwarded-|forwarded$)/i;

function whyNot(name: string): string {
  if (name === '') return 'has a line that is no header. Under the request line stand Content-Type and Accept alone.';
  return IDENTITY.test(name)
    ? `has the header ${name}: who is calling, and as whom, is not the caller's to say. Leave it out.`
    : `has the header ${name}; only Content-Type and Accept are passed on.`;
}
