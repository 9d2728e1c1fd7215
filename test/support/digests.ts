import { generateKeyPairSync } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import type { Delivered, DigestQueue } from '../../shared/gateway/ports/digest-queue.ts';
import type { DigestSigner } from '../../shared/gateway/ports/digest-signer.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import type { Log } from '../../shared/platform/log.ts';
import { ok } from '../../shared/platform/result.ts';

export const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const RAW_DIGEST = { prehash: false, lowS: false, format: 'der' } as const;

/** A key pair as KMS has one, in this process. */
export function localSigner(): DigestSigner & { readonly pem: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const scalar = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const fingerprint = sha256Hex(publicKey.export({ type: 'spki', format: 'der' }));
  return {
    pem,
    publicKey: () => Promise.resolve(ok({ pem, fingerprint })),
    // node:crypto would hash the hash again.
    sign: (sha256) => Promise.resolve(ok(Buffer.from(p256.sign(sha256, scalar, RAW_DIGEST)).toString('base64'))),
  };
}

/** The port as the table keeps it. `deliver` is what `markArchived` does. */
export function memoryQueue(): DigestQueue & {
  readonly waiting: Map<string, Delivered & { readonly at: string }>;
  deliver(object: Delivered, at: string): void;
} {
  const waiting = new Map<string, Delivered & { readonly at: string }>();
  const seen = new Set<string>();
  return {
    waiting,
    deliver: (object, at) => {
      if (seen.has(object.session)) return;
      seen.add(object.session);
      waiting.set(object.session, { ...object, at });
    },
    pending: (before, limit) => {
      const due = [...waiting.values()].filter(({ at }) => at < before).sort((a, b) => (a.at < b.at ? -1 : 1));
      return Promise.resolve(
        ok(due.slice(0, limit).map(({ session, key, sha256, bytes }) => ({ session, key, sha256, bytes }))),
      );
    },
    settle: (sessions) => {
      for (const session of sessions) waiting.delete(session);
      return Promise.resolve(ok(undefined));
    },
  };
}

export const deliveredObject = (id: string): Delivered => ({
  session: id,
  key: `sessions/2026/11/21/${id}.ndjson.gz`,
  sha256: sha256Hex(id),
  bytes: id.length,
});
