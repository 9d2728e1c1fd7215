import * as z from 'zod';

/** Object Lock: until when a version can be neither overwritten nor deleted, and whether a privileged caller may. */
export const retention = z.object({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), until: z.iso.datetime() });
export type Retention = z.infer<typeof retention>;

export const bucket = z.object({
  name: z.string(),
  created: z.iso.datetime(),
  /** `Off` until versioning is first asked for. */
  versioning: z.enum(['Off', 'Enabled', 'Suspended']),
  objectLock: z.boolean(),
  /** What a new version is locked with when its PutObject does not say. */
  defaultRetention: z.object({ mode: retention.shape.mode, days: z.int().min(1).max(36_500) }).optional(),
});
export type Bucket = z.infer<typeof bucket>;

export const version = z.object({
  key: z.string(),
  /** `null`, as S3 calls it, where versioning was not enabled. */
  versionId: z.string(),
  deleteMarker: z.boolean(),
  /** Name of the file with the bytes; empty for delete markers. */
  blob: z.string(),
  size: z.int(),
  /** With its quotes. */
  etag: z.string(),
  modified: z.iso.datetime(),
  /** content-type and the like, given back as they came. */
  headers: z.record(z.string(), z.string()),
  /** x-amz-meta-* without the prefix. */
  metadata: z.record(z.string(), z.string()),
  /** `crc32` → base64, and so on. */
  checksums: z.record(z.string(), z.string()),
  retention: retention.optional(),
  legalHold: z.boolean().optional(),
});
export type Version = z.infer<typeof version>;

const place = { bucket: z.string(), key: z.string(), versionId: z.string() };

/** One line of the journal: the whole state is what these lines, read in order, make of nothing. */
export const entry = z.discriminatedUnion('op', [
  z.object({ op: z.literal('bucket'), bucket }),
  z.object({ op: z.literal('drop-bucket'), name: z.string() }),
  z.object({ op: z.literal('put'), bucket: z.string(), version }),
  z.object({ op: z.literal('remove'), ...place }),
  z.object({ op: z.literal('lock'), ...place, retention: retention.optional(), legalHold: z.boolean().optional() }),
]);
export type Entry = z.infer<typeof entry>;
