import * as z from 'zod';

/**
 * The only reader of `process.env` in code that is deployed. CDK sets these; a function that lacks one it needs stops
 * at its first call with the name of it, before anything else happens.
 */
const variables = {
  SESSIONS_TABLE: z.string().min(3),
  ARCHIVE_BUCKET: z.string().min(3),
  CONFIG_BUCKET: z.string().min(3),
  CONFIG_KEY: z.string().min(1),
  /** How old the configuration may be before it is read again. Bounds how long a withdrawn policy can still permit. */
  CONFIG_MAX_AGE_SECONDS: z.coerce.number().int().min(0).max(3_600),
  WORKFLOW_ARN: z.string().startsWith('arn:'),
} as const;

type Name = keyof typeof variables;

/** Reads the named variables, or throws naming the ones that are missing: a wrongly deployed function must not run. */
export function environment<N extends Name>(...names: N[]): { [K in N]: z.output<(typeof variables)[K]> } {
  const shape = Object.fromEntries(names.map((name) => [name, variables[name]]));
  const parsed = z.object(shape).safeParse(process.env);
  if (!parsed.success) throw new Error(`environment: ${z.prettifyError(parsed.error)}`);
  return narrow(parsed.data);
}

/** The shape was built from the same table as the type, which the checker cannot see. */
function narrow<T>(value: unknown): T;
function narrow(value: unknown): unknown {
  return value;
}
