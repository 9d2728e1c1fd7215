import * as z from 'zod';

/** A name people type and policies cite: lower-case words joined by hyphens. */
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a name is lower-case letters, digits and single hyphens, e.g. "orders-eu"')
  .max(63);

const arn = (service: string) =>
  z
    .string()
    .regex(
      new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:[0-9]{12}:.+$`),
      `an ARN of ${service}, e.g. arn:aws:${service}:eu-west-1:123456789012:…`,
    );

/** A PostgreSQL database behind the RDS Data API. The gateway passes secret ARNs and never reads the secrets. */
export const postgresConnectionSchema = z.strictObject({
  name: nameSchema,
  kind: z.literal('postgres'),
  /** `production`, `staging`, …: policies may ask about it. */
  environment: nameSchema,
  description: z.string().max(300).optional(),
  resourceArn: arn('rds'),
  secretArn: arn('secretsmanager'),
  /** A login that can only read; statements whose effects are all reads run with it. */
  readSecretArn: arn('secretsmanager').optional(),
  database: z.string().min(1).max(63),
  /** For the sessions of this connection, where it differs from the gateway's `retention`. */
  retention: z
    .strictObject({
      archiveDays: z.int().min(1).max(36_500).exactOptional(),
      /** Every session from now on is put under S3 Object Lock's legal hold: kept until somebody lifts it. */
      legalHold: z.boolean().exactOptional(),
    })
    .optional(),
});

/** One row a kind of target. */
export const connectionSchema = z.discriminatedUnion('kind', [postgresConnectionSchema]);

export type PostgresConnection = z.output<typeof postgresConnectionSchema>;
export type Connection = z.output<typeof connectionSchema>;
