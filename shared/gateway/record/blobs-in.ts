import * as z from 'zod';
import type { BlobRef } from '../../domain/event.ts';
import type { JsonValue } from '../../platform/json-value.ts';

/** References, wherever in an event they are: `{sha256, bytes}` and nothing else. */
export function blobsIn(value: JsonValue): readonly BlobRef[] {
  if (typeof value !== 'object' || value === null) return [];
  const reference = blobSchema.safeParse(value);
  return reference.success ? [reference.data] : Object.values(value).flatMap((inner: JsonValue) => blobsIn(inner));
}

const blobSchema = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int() });
