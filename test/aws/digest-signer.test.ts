import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startKms, type EmbeddedKms } from '../../infra/local/services/kms/server.ts';
import { createDigestSigner } from '../../shared/aws/digest-signer.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { settingsFor } from '../local/endpoint.ts';

let kms: EmbeddedKms;
const stateDir = mkdtempSync(join(tmpdir(), 'countersign-'));
const client = () => new KMSClient(settingsFor(kms.url));
beforeAll(async () => {
  kms = await startKms({ stateDir });
});
afterAll(async () => {
  await kms.close();
  rmSync(stateDir, { recursive: true, force: true });
});

test('signs a hash so that anybody with the public key can check the text, and keeps the key of a template', async () => {
  kms.ensureKey('DigestKey', 'ECC_NIST_P256', 'signs');
  const signer = createDigestSigner(client(), 'DigestKey');
  const [key, signature] = [await signer.publicKey(), await signer.sign(createHash('sha256').update('text').digest())];
  if (!key.ok || !signature.ok) throw new Error('KMS did not answer');
  const publicKey = createPublicKey(key.value.pem);
  expect(verify('sha256', Buffer.from('text'), publicKey, Buffer.from(signature.value, 'base64'))).toBe(true);
  expect(verify('sha256', Buffer.from('texT'), publicKey, Buffer.from(signature.value, 'base64'))).toBe(false);
  expect(key.value.fingerprint).toBe(sha256Hex(publicKey.export({ type: 'spki', format: 'der' })));
  kms.ensureKey('DigestKey', 'ECC_NIST_P256', 'again');
  expect(await createDigestSigner(client(), 'DigestKey').publicKey()).toEqual(key);
});

test('says so when there is no such key', async () => {
  const signer = createDigestSigner(client(), 'Nobody');
  expect(await signer.publicKey()).toMatchObject({ ok: false, error: { code: 'record_unavailable' } });
  expect(await signer.sign(Buffer.alloc(32))).toMatchObject({ ok: false });
});
