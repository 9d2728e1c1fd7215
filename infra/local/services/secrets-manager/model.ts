import * as z from 'zod';

/** Secrets Manager's own limit on a value. */
export const maxValueBytes = 65_536;

const version = z.object({
  id: z.string(),
  created: z.number(),
  /** AWSCURRENT, AWSPREVIOUS, or labels of one's own. A label stands on one version at a time. */
  stages: z.array(z.string()),
  string: z.string().optional(),
  /** base64 */
  binary: z.string().optional(),
});
export type SecretVersion = z.infer<typeof version>;

const secret = z.object({
  name: z.string(),
  arn: z.string(),
  description: z.string().optional(),
  /** Seconds since 1970. */
  created: z.number(),
  changed: z.number(),
  versions: z.array(version),
});
export type Secret = z.infer<typeof secret>;

export const secretsFile = z.array(secret);

/** Names as CreateSecret takes them. */
export const secretName = z.string().regex(/^[\w/+=.@-]{1,512}$/, 'a name has letters, digits and /_+=.@- only');
const token = z.string().min(32).max(64);
const value = {
  SecretString: z.string().min(1).max(maxValueBytes).optional(),
  SecretBinary: z
    .base64()
    .max(Math.ceil(maxValueBytes / 3) * 4)
    .optional(),
  ClientRequestToken: token.optional(),
};

export const createInput = z.strictObject({
  Name: secretName,
  Description: z.string().max(2_048).optional(),
  ...value,
});
export const putInput = z.strictObject({
  SecretId: z.string().min(1),
  VersionStages: z.array(z.string().min(1).max(256)).min(1).max(20).optional(),
  ...value,
});
export const getInput = z.strictObject({
  SecretId: z.string().min(1),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});
export const describeInput = z.strictObject({ SecretId: z.string().min(1) });
export const listInput = z.strictObject({
  MaxResults: z.int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
  SortOrder: z.enum(['asc', 'desc']).default('asc'),
});
