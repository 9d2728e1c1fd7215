import * as z from 'zod';
import { connectionSchema } from './connection.ts';
import { issuerSchema } from './issuer.ts';
import { limitsSchema } from './limits.ts';
import { maskingSchema } from './masking.ts';
import { groupSchema, personSchema } from './people.ts';

const secretArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:.+$/,
    'an ARN of Secrets Manager; secrets are references, never values',
  );

const hostname = z.string().regex(/^[a-z0-9.-]{1,253}$/, 'a hostname in lower case, without port or scheme');

export const slackSchema = z.strictObject({
  /** Workspace that may answer; interactions from any other are refused. */
  team: z.string().regex(/^[TE][A-Z0-9]{2,20}$/),
  /** Secret with JSON `{"botToken": "xoxb-…", "signingSecret": "…"}`. */
  secretArn,
  apiUrl: z.url().default('https://slack.com/api/'),
});

/** `config/gateway.yaml`, whole. Unknown keys are errors. References between its parts are checked by `check-references.ts`. */
export const gatewaySchema = z.strictObject({
  version: z.literal(1),
  /** Where callers reach the gateway; used in links to sessions. */
  publicUrl: z.url(),
  issuers: z.array(issuerSchema).min(1).max(50),
  groups: z.array(groupSchema).max(500).default([]),
  people: z.array(personSchema).max(10_000).default([]),
  connections: z.array(connectionSchema).min(1).max(1_000),
  slack: slackSchema.optional(),
  masking: maskingSchema,
  limits: limitsSchema,
  /** Days that the archive keeps a session under Object Lock, and that DynamoDB keeps it after archiving. */
  retention: z
    .strictObject({
      archiveDays: z.int().min(1).max(36_500).default(365),
      liveDays: z.int().min(1).max(365).default(30),
    })
    .prefault({}),
  /** `/mcp` answers under the name of `publicUrl`; under these hostnames too, and to pages of these. */
  mcp: z
    .strictObject({
      hosts: z.array(hostname).max(20).default([]),
      origins: z.array(hostname).max(20).default([]),
    })
    .prefault({}),
  /** Digests are copied here before the next is written: a bucket of another account, which lets this one only create. */
  anchor: z
    .strictObject({
      bucketArn: z.string().regex(/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'an ARN of a bucket'),
    })
    .optional(),
});

export type GatewayConfig = z.output<typeof gatewaySchema>;
