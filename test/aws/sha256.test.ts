import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '../../shared/aws/sha256.ts';

/** What an answer must not hang on: whether a secret is new, was there before, or is the same bytes in another object. */
const bytes = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.string({ minLength: 1, maxLength: 80 }));

async function digest(secret: string | Uint8Array | undefined, ...chunks: readonly (string | Uint8Array)[]) {
  const hash = new Sha256(secret);
  for (const chunk of chunks) hash.update(chunk);
  return Buffer.from(await hash.digest()).toString('hex');
}

describe('the hash of the SDK’s signer', () => {
  test('is SHA-256 without a secret and HMAC-SHA-256 with one, at the first use of a secret and at the next', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, async (secret, other, text) => {
        const plain = createHash('sha256').update(text).digest('hex');
        const keyed = createHmac('sha256', secret).update(text).digest('hex');
        expect(await digest(undefined, text)).toBe(plain);
        expect(await digest(secret, text)).toBe(keyed);
        expect(await digest(other, text)).toBe(createHmac('sha256', other).update(text).digest('hex'));
        expect(await digest(secret, text)).toBe(keyed);
        expect(await digest(secret.slice(), text)).toBe(keyed);
      }),
    );
  });

  test('reads a view of a larger buffer as the bytes of the view', async () => {
    const whole = Buffer.from('xxkeyyy');
    const expected = createHmac('sha256', 'key').update('ab').digest('hex');
    expect(await digest(whole.subarray(2, 5), 'a', 'b')).toBe(expected);
    expect(await digest(whole.subarray(2, 5), 'ab')).toBe(expected);
  });
});
