import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isAlgorithm } from '../../shared/identity/algorithms.ts';
import { member, parseCompact } from '../../shared/identity/compact.ts';
import { admitKeySet } from '../../shared/identity/keys/admit.ts';
import { verifySignature } from '../../shared/identity/signature.ts';
import { readHeader } from '../../shared/identity/token-header.ts';
import type { JsonObject } from '../../shared/platform/json-value.ts';
import { corpus } from '../support/corpora.ts';

const FILES = ['json_web_signature_test.json', 'json_web_key_test.json', 'json_web_crypto_test.json'];

const keySchema = z.looseObject({ kty: z.string().optional(), keys: z.array(z.looseObject({})).optional() });
const fileSchema = z.object({
  testGroups: z.array(
    z.object({
      comment: z.string().default(''),
      public: keySchema.optional(),
      private: keySchema.optional(),
      tests: z.array(
        z.object({
          tcId: z.number(),
          comment: z.string(),
          /** A few vectors use the JSON serialisation, which no bearer token has. */
          jws: z.union([z.string(), z.looseObject({}).transform((value) => JSON.stringify(value))]).optional(),
          result: z.enum(['valid', 'invalid']),
        }),
      ),
    }),
  ),
});

/** What stands between a token and its claims, with the vector's key as the issuer's published set. */
async function accepts(jws: string, key: z.output<typeof keySchema>): Promise<boolean> {
  const parsed = parseCompact(jws);
  if (!parsed.ok) return false;
  const header = readHeader(parsed.value.header);
  if (!header.ok) return false;
  const keys = admitKeySet(JSON.parse(JSON.stringify({ keys: key.keys ?? [key] })) as JsonObject);
  const [only, another] = keys.ok ? keys.value.filter(({ kid }) => kid === header.value.kid) : [];
  const imported = another ? undefined : only?.forAlgorithm(header.value.alg);
  if (!imported) return false;
  try {
    return (await verifySignature(parsed.value, header.value.alg, await imported)).ok;
  } catch {
    return false;
  }
}

/** Valid vectors that we refuse on purpose: signatures with algorithms that configuration cannot name. */
function isOurs(jws: string): boolean {
  const parsed = parseCompact(jws);
  return parsed.ok && isAlgorithm(member(parsed.value.header, 'alg'));
}

const folder = corpus('wycheproof-jose');

describe.skipIf(folder === undefined)('Wycheproof vectors for JOSE (needs the corpus wycheproof-jose)', () => {
  it.each(FILES)('of %s: invalid ones are refused, valid ones of our algorithms accepted', async (file) => {
    const vectors = fileSchema.parse(JSON.parse(readFileSync(join(folder ?? '', file), 'utf8')));
    const wrong: string[] = [];
    const counted = { valid: 0, invalid: 0, notOurs: 0 };
    for (const group of vectors.testGroups) {
      const key = group.public ?? group.private ?? {};
      for (const { tcId, comment, jws, result } of group.tests) {
        if (jws === undefined) continue;
        const expected = result === 'valid' && isOurs(jws);
        counted[expected || result === 'invalid' ? result : 'notOurs'] += 1;
        if ((await accepts(jws, key)) !== expected)
          wrong.push(`${group.comment} ${String(tcId)} ${comment}: ${result}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(counted.invalid).toBeGreaterThan(0);
  });
});
