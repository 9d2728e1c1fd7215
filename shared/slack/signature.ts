import { createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';

/** Header names in lower case, as an HTTP API passes them. Several values of one name arrive joined by commas. */
export type Headers = Readonly<Record<string, string | undefined>>;

export type SignatureFault = 'body_too_large' | 'headers_malformed' | 'timestamp_out_of_range' | 'signature_mismatch';

/** Slack's own figure (Verifying requests from Slack), held in both directions: a signature made for later is a replay in waiting. */
const TOLERANCE_SECONDS = 300;
/**
 * An interaction carries the message it was pressed on: at most 10,000 characters of blocks (limits.ts), nine bytes
 * each when percent-encoded, three times over for text and state. Anything near 1 MiB is not Slack.
 */
export const MAX_BODY_BYTES = 1_048_576;
const SIGNATURE = /^v0=[0-9a-f]{64}$/;
/** Ten digits: from 2001 to 2286. No sign, point, exponent, space or leading zero, so there is one spelling a second. */
const TIMESTAMP = /^[1-9][0-9]{9}$/;

/**
 * Slack's request signature: `v0=` HMAC-SHA256 over `v0:<timestamp>:<raw body>`. Checked on the bytes as received and
 * before anything is parsed. It proves who sent the bytes, not that they are new: actions are consumed once by the story.
 */
export function verifySignature(
  signingSecret: string,
  headers: Headers,
  rawBody: Uint8Array,
  now: Date,
): Result<void, SignatureFault> {
  if (rawBody.byteLength > MAX_BODY_BYTES) return err('body_too_large');
  const given = headers['x-slack-signature'] ?? '';
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  if (!SIGNATURE.test(given) || !TIMESTAMP.test(timestamp)) return err('headers_malformed');
  const age = Math.floor(now.getTime() / 1_000) - Number(timestamp);
  // Written so that a clock which gives NaN refuses.
  if (!(Math.abs(age) <= TOLERANCE_SECONDS)) return err('timestamp_out_of_range');
  return sameDigest(given, signatureOf(signingSecret, timestamp, rawBody)) ? ok(undefined) : err('signature_mismatch');
}

function signatureOf(signingSecret: string, timestamp: string, rawBody: Uint8Array): string {
  // An empty key would make every signature computable by anyone.
  if (signingSecret === '') throw new Error('the Slack signing secret is empty');
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(rawBody).digest('hex')}`;
}

/** Both have passed SIGNATURE, so they are of one length and time tells nothing. */
function sameDigest(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left, 'latin1'), Buffer.from(right, 'latin1'));
}
