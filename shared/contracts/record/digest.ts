import * as z from 'zod';
import type { SignedDigest } from '../../domain/digest.ts';

const hex256 = z.string().regex(/^[0-9a-f]{64}$/);
const key = z.string().min(1).max(1_024);

/** domain/digest.ts as it is kept. Strict: a member nobody wrote is a sign of somebody else's hand. */
export const signedDigestSchema = z.strictObject({
  digest: z.strictObject({
    kind: z.literal('countersign-archive-digest'),
    v: z.literal(1),
    archive: z.string().min(3).max(63),
    hour: z.iso.datetime({ precision: 3 }),
    previous: z.strictObject({ key, sha256: hex256 }).nullable(),
    objects: z.array(z.strictObject({ key, sha256: hex256, bytes: z.int().nonnegative() })).readonly(),
    total: z.int().nonnegative(),
  }),
  key: hex256,
  signature: z.base64().max(200),
}) satisfies z.ZodType<SignedDigest>;
