import { Buffer } from 'node:buffer';
import type { HttpAnswer } from '../../../platform/http.ts';
import { statusAnswer } from './status.ts';

/** A function gives back 6 MB (Lambda quotas, response payload of a synchronous call); the rest is for the headers. */
const ROOM = 6_000_000;
/** Bytes that a character takes at most within the JSON of a function's answer: one that controls something, as `\u0001`. */
const MOST = 6;

/**
 * An answer as a function can give it back. A log full of colours is longer as JSON than as Base64, which HTTP APIs undo;
 * what is too large either way is said to be, for without a word of ours the client would have a bare 500.
 */
export function carried(answer: HttpAnswer, session: string): HttpAnswer {
  if (answer.body.length * MOST <= ROOM || Buffer.byteLength(JSON.stringify(answer.body)) <= ROOM) return answer;
  const bytes = Buffer.from(answer.body, 'utf8');
  if (Math.ceil(bytes.byteLength / 3) * 4 <= ROOM)
    return { ...answer, body: bytes.toString('base64'), isBase64Encoded: true };
  const message = `It was done and is on record; its answer of ${String(bytes.byteLength)} bytes, as masked, is more than the gateway can give back. Ask for less: a label, a limit, --tail, one object.`;
  return statusAnswer(413, 'RequestEntityTooLarge', message, 'answer_too_large', { session });
}
