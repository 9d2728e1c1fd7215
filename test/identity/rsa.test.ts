import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { isSoundRsa } from '../../shared/identity/keys/rsa.ts';

const AQAB = 'AQAB';
const jwk = (bits: number) => {
  const { n = '' } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
  return n;
};
const sound = jwk(2_048);

it('a modulus of 2048 bits with the usual exponent is sound', () => {
  expect(isSoundRsa(sound, AQAB)).toBe(true);
});

it.each<[string, string, string]>([
  ['a modulus of 1024 bits', jwk(1_024), AQAB],
  ['a modulus of 16384 bits', Buffer.alloc(2_048, 0xff).toString('base64url'), AQAB],
  ['an even modulus', Buffer.alloc(256, 0xfe).toString('base64url'), AQAB],
  ['no modulus', '', AQAB],
  ['the exponent 1', sound, 'AQ'],
  ['the exponent 3', sound, 'Aw'],
  ['an even exponent', sound, 'AQAC'],
  ['an exponent as long as the modulus', sound, sound],
  ['no exponent', sound, ''],
])('%s is not', (_what, n, e) => {
  expect(isSoundRsa(n, e)).toBe(false);
});
