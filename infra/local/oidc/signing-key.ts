import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';
import type { Issuer } from '../../../shared/contracts/config/issuer.ts';
import { readIfPresent, writeAtomically } from '../state.ts';

const keySchema = z.object({
  kty: z.string(),
  kid: z.string(),
  alg: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']),
  use: z.literal('sig'),
  crv: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  d: z.string(),
  p: z.string().optional(),
  q: z.string().optional(),
  dp: z.string().optional(),
  dq: z.string().optional(),
  qi: z.string().optional(),
});

/** A private key as a JWK. It signs for a development issuer, so it never leaves the state folder. */
export type SigningKey = z.output<typeof keySchema>;

/** The issuer's key, made at the first start and kept, so that tokens survive a restart. A damaged file makes a new one. */
export async function signingKeyOf(issuer: Issuer, folder: string): Promise<SigningKey> {
  const path = join(folder, `${issuer.name}.json`);
  const kept = keySchema.safeParse(parseJson(readIfPresent(path)));
  if (kept.success && issuer.algorithms.includes(kept.data.alg)) return kept.data;
  const key = await newKey(issuer);
  writeAtomically(path, JSON.stringify(key), 0o600);
  return key;
}

/** ES256 where the issuer may use it: made in a millisecond, where an RSA key takes a good part of a second. */
async function newKey(issuer: Issuer): Promise<SigningKey> {
  const alg = issuer.algorithms.includes('ES256') ? 'ES256' : (issuer.algorithms[0] ?? 'ES256');
  const pair = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(pair.privateKey);
  return keySchema.parse({ ...jwk, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) });
}

/**
 * The secret of every development client. Without it any local program could ask for an approver's token; with it, only
 * who can read the state folder.
 */
export function clientSecret(folder: string): string {
  const path = join(folder, 'client-secret');
  const kept = readIfPresent(path)?.trim();
  if (kept !== undefined && /^[A-Za-z0-9_-]{43}$/.test(kept)) return kept;
  const secret = randomBytes(32).toString('base64url');
  writeAtomically(path, `${secret}\n`, 0o600);
  return secret;
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
