import type { Interaction } from '../contracts/slack.ts';
import { interactionSchema } from '../contracts/slack.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';

export interface Payload {
  /** What we read of it. */
  readonly interaction: Interaction;
  /** All of it, for Bolt. */
  readonly whole: Record<string, unknown>;
}

/** Reads the body of an interaction: a form with one field `payload`, which is JSON. Only ever after the signature. */
export function readPayload(rawBody: Uint8Array): Result<Payload, 'malformed'> {
  const text = utf8(rawBody);
  if (text === undefined) return err('malformed');
  const fields = new URLSearchParams(text).getAll('payload');
  const [field] = fields;
  // Two payloads could be two different ones to two readers.
  if (field === undefined || fields.length !== 1) return err('malformed');
  const whole = jsonOrNothing(field);
  const interaction = interactionSchema.safeParse(whole);
  return interaction.success && isObject(whole) ? ok({ interaction: interaction.data, whole }) : err('malformed');
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
