import * as z from 'zod';
import type { BlobRef } from '../../domain/event.ts';

/**
 * Blobs that an event refers to: a statement or an answer too large for its item. Only these two places count. What a
 * caller claims of itself may look like a reference, and the digest of a body that was not read names nothing that is kept.
 */
export function blobsIn(event: unknown): readonly BlobRef[] {
  const parsed = referring.safeParse(event);
  if (!parsed.success) return [];
  return [parsed.data.type === 'submitted' ? parsed.data.data.statement.blob : parsed.data.data.result.blob];
}

const blob = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int() });
const referring = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('submitted'),
    data: z.looseObject({ statement: z.looseObject({ blob }) }),
  }),
  z.looseObject({
    type: z.literal('outcome'),
    data: z.looseObject({ result: z.looseObject({ blob }) }),
  }),
]);
