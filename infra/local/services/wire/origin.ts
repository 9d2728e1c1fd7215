import type { IncomingHttpHeaders } from 'node:http';
import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';

/**
 * Who may talk to an endpoint that checks no signature. A page in the developer's browser can send requests to
 * 127.0.0.1, so two things are asked for: a Host of this machine (or a rebound DNS name would reach it), and a
 * signature header or query, which a page of another origin cannot add without a CORS preflight that nobody answers.
 */
export function admit(headers: IncomingHttpHeaders, query: string, ownHost: string): Result<null, string> {
  const host = hostname(headers.host ?? '');
  if (!isThisMachine(host) && host !== ownHost)
    return err(`Host ${host} is not this machine: use 127.0.0.1 or localhost`);
  const signed = headers.authorization?.startsWith('AWS4-') === true || query.includes('X-Amz-Signature=');
  return signed ? ok(null) : err('Request is missing Authentication Token');
}

/** The name in a Host header without its port: `[::1]:80` → `::1`. */
export function hostname(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)?.[1];
  return (bracketed ?? host.replace(/:\d*$/, '')).toLowerCase();
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
