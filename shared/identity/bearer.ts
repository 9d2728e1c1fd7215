import { err, ok, type Result } from '../platform/result.ts';
import type { IdentityRefusal } from './refusal.ts';

/** An HTTP API passes 10,240 bytes of request line and headers together; a token above 8 KiB leaves too little of it. */
export const MAX_HEADER_BYTES = 8_192;

/** `Bearer`, one space, one token (RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1). */
export function bearerToken(header: string | undefined): Result<string, IdentityRefusal> {
  if (header === undefined || header === '') return err({ kind: 'missing_token' });
  if (header.length > MAX_HEADER_BYTES) return err({ kind: 'token_too_large', limit: MAX_HEADER_BYTES });
  const scheme = header.slice(0, 7);
  if (scheme.toLowerCase() !== 'bearer ')
    return err({ kind: 'malformed_header', why: 'does not begin with `Bearer `' });
  const token = header.slice(7);
  if (token === '') return err({ kind: 'malformed_header', why: 'holds no token' });
  // Repeated headers arrive joined by a comma: whoever picks "the first" and whoever picks "the last" see two callers.
  if (/[\s,]/.test(token)) return err({ kind: 'malformed_header', why: 'holds more than one token, or white space' });
  return ok(token);
}
