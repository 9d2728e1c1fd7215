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

/** What every connection has, whatever it leads to. */
const common = {
  name: nameSchema,
  /** `production`, `staging`, …: policies may ask about it. */
  environment: nameSchema,
  description: z.string().max(300).optional(),
  /** For the sessions of this connection, where it differs from the gateway's `retention`. */
  retention: z
    .strictObject({
      archiveDays: z.int().min(1).max(36_500).exactOptional(),
      /** Every session from now on is put under S3 Object Lock's legal hold: kept until somebody lifts it. */
      legalHold: z.boolean().exactOptional(),
    })
    .optional(),
};

/** A PostgreSQL database behind the RDS Data API. The gateway passes secret ARNs and never reads the secrets. */
export const postgresConnectionSchema = z.strictObject({
  ...common,
  kind: z.literal('postgres'),
  resourceArn: arn('rds'),
  secretArn: arn('secretsmanager'),
  /** A login that can only read; statements whose effects are all reads run with it. */
  readSecretArn: arn('secretsmanager').optional(),
  database: z.string().min(1).max(63),
});

/** How the gateway proves to an API server who it is. */
const kubernetesCredentialSchema = z.discriminatedUnion('kind', [
  /** A service account's token, in a secret with JSON `{"token": "…"}`; read for each call and kept for none. */
  z.strictObject({
    kind: z.literal('service-account'),
    secretArn: arn('secretsmanager'),
    /** An account that can only read; statements whose effects are all reads run with it. */
    readSecretArn: arn('secretsmanager').optional(),
  }),
  /** An EKS cluster that knows the role of the function: the token is a presigned STS call, made for each call. */
  z.strictObject({
    kind: z.literal('eks'),
    cluster: z.string().regex(/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, 'the name of an EKS cluster'),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'an AWS region, e.g. eu-west-1'),
  }),
]);

/** What is put in front of an image's name when nothing is (`nginx` is `docker.io/library/nginx`), and up to where it is trusted. */
const registry = z
  .string()
  .regex(/^[a-z0-9.-]+(:[0-9]{1,5})?(\/[a-z0-9._-]+)*$/, 'a registry and maybe a path, e.g. registry.example.com/team')
  .max(255);

/** A Kubernetes API server. */
export const kubernetesConnectionSchema = z.strictObject({
  ...common,
  kind: z.literal('kubernetes'),
  /** Its address. Nothing but what is parsed is put behind it, so it has no path of its own. */
  server: z
    .string()
    .regex(/^https:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?$/, 'https://HOST or https://HOST:PORT')
    .max(300),
  /** The one authority whose certificates are taken, as PEM: no other, not even a public one, vouches for this server. */
  certificateAuthority: z
    .string()
    .max(65_536)
    .regex(/^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/, 'certificates in PEM'),
  credential: kubernetesCredentialSchema,
  /** Where images may come from; an image from elsewhere is `unknownRegistry` to policies. Empty: every image is. */
  registries: z.array(registry).max(100).default([]),
  /** Bytes of an answer. Lambda answers at most 6 MB, and a list can be asked for in pages. */
  responseBytes: z.int().min(1_024).max(5_242_880).default(4_194_304),
});

/** One row a kind of target. */
export const connectionSchema = z.discriminatedUnion('kind', [postgresConnectionSchema, kubernetesConnectionSchema]);

export type PostgresConnection = z.output<typeof postgresConnectionSchema>;
export type KubernetesConnection = z.output<typeof kubernetesConnectionSchema>;
export type Connection = z.output<typeof connectionSchema>;

/** The secrets that a connection's credentials lie in; `read` alone for what only reads. */
export function secretArnsOf(connection: Connection): {
  readonly all: readonly string[];
  readonly read: readonly string[];
} {
  const source = connection.kind === 'postgres' ? connection : connection.credential;
  if (!('secretArn' in source)) return { all: [], read: [] };
  const { secretArn, readSecretArn } = source;
  return readSecretArn === undefined
    ? { all: [secretArn], read: [secretArn] }
    : { all: [secretArn, readSecretArn], read: [readSecretArn] };
}
