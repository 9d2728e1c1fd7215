import * as z from 'zod';

/**
 * The only reader of `process.env` in code that is deployed. CDK sets these; a function that lacks one it needs stops
 * at its first call with the name of it, before anything else happens.
 */
const variable =
  <T>(name: string, schema: z.ZodType<T>) =>
  (): T => {
    const parsed = schema.safeParse(process.env[name]);
    if (!parsed.success) throw new Error(`environment variable ${name}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };

export const environment = {
  sessionsTable: variable('SESSIONS_TABLE', z.string().min(3)),
  archiveBucket: variable('ARCHIVE_BUCKET', z.string().min(3)),
  configBucket: variable('CONFIG_BUCKET', z.string().min(3)),
  configKey: variable('CONFIG_KEY', z.string().min(1)),
  /** How old the configuration may be before it is read again. Bounds how long a withdrawn policy can still permit. */
  configMaxAgeSeconds: variable('CONFIG_MAX_AGE_SECONDS', z.coerce.number().int().min(0).max(3_600)),
  /** KMS key that signs digests. */
  digestKeyId: variable('DIGEST_KEY_ID', z.string().min(1)),
  /** Where digests are copied to as well. */
  anchorBucket: variable('ANCHOR_BUCKET', z.string().min(3).optional()),
  /** Secret that keyed digests are made with. */
  installationSecret: variable('INSTALLATION_SECRET', z.string().startsWith('arn:')),
  /** `HOST:PORT` of the X-Ray daemon, where Lambda runs one. */
  xrayDaemon: variable('AWS_XRAY_DAEMON_ADDRESS', z.string().optional()),
  /** The trace of the invocation under way; Lambda sets it anew for each. */
  traceHeader: variable('_X_AMZN_TRACE_ID', z.string().optional()),
  workflowArn: variable('WORKFLOW_ARN', z.string().startsWith('arn:')),
};
