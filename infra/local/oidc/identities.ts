import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { nameSchema } from '../../../shared/contracts/config/connection.ts';
import { StartFailure } from '../start-failure.ts';

/** Claims that the issuer sets by itself. An identity may not override them. */
const RESERVED = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti', 'act', 'client_id', 'cnf'];

const actorSchema = z.strictObject({ subject: z.string().min(1).max(255), issuer: z.url().optional() });

/** Somebody that a development issuer speaks for. */
export const identitySchema = z.strictObject({
  /** What `countersign token NAME` asks for; also the OAuth client id. */
  name: nameSchema,
  /** Name of an issuer of gateway.yaml; it is then played locally. */
  issuer: nameSchema,
  subject: z.string().min(1).max(255),
  claims: z
    .record(z.string().min(1).max(200), z.json())
    .refine(
      (claims) => !RESERVED.some((name) => Object.hasOwn(claims, name)),
      `claims may not name ${RESERVED.join(', ')}`,
    )
    .default({}),
  /** Through whom the subject acts, outermost first (RFC 8693 section 4.1). */
  act: z.array(actorSchema).max(5).default([]),
  /** Below zero: a token that has already ended, to see it refused. */
  ttlSeconds: z.int().min(-86_400).max(86_400).default(3_600),
});

const identitiesSchema = z.strictObject({
  version: z.literal(1),
  identities: z
    .array(identitySchema)
    .max(1_000)
    .refine(
      (list) => new Set(list.map(({ name }) => name)).size === list.length,
      'each identity has a name of its own',
    ),
});

export type Identity = z.output<typeof identitySchema>;

const MAX_BYTES = 1_048_576;

/** Reads `local/identities.yaml` of a configuration folder. None there: nobody is played. */
export function loadIdentities(configDir: string): readonly Identity[] {
  const path = join(configDir, 'local', 'identities.yaml');
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return [];
  if (statSync(path).size > MAX_BYTES) throw new StartFailure(`${path} is larger than ${MAX_BYTES} bytes.`);
  return parseIdentities(readFileSync(path, 'utf8'), path);
}

export function parseIdentities(text: string, path: string): readonly Identity[] {
  const parsed = identitiesSchema.safeParse(parseYaml(text, path));
  if (!parsed.success) throw new StartFailure(`${path}:\n${z.prettifyError(parsed.error)}`);
  return parsed.data.identities;
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text, { strict: true, uniqueKeys: true, maxAliasCount: 0 });
  } catch (error) {
    throw new StartFailure(`${path}: ${error instanceof Error ? error.message : 'not YAML'}`);
  }
}
