import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

type Bytes = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256 and HMAC-SHA-256 as the SDK's signer (Signature Version 4) wants them, by Node's own. A secret is made a key
 * once and not for every signature: the signer keeps one signing key a day and service, and asks with the same bytes.
 */
export class Sha256 {
  readonly #hash;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(secret));
  }

  update(chunk: Bytes): void {
    this.#hash.update(bytesOf(chunk));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new TypeError('a hash is used once');
  }
}

/** By the object that holds the bytes: the signer never writes to one, and what it lets go of is forgotten here too. */
const keys = new WeakMap<object, KeyObject>();
/** The secret access key comes as a text. A role has one at a time, and a new one within hours. */
let last: { readonly text: string; readonly key: KeyObject } | undefined;

function keyOf(secret: Bytes): KeyObject {
  if (typeof secret === 'string') {
    if (last?.text !== secret) last = { text: secret, key: createSecretKey(secret, 'utf8') };
    return last.key;
  }
  const known = keys.get(secret) ?? createSecretKey(bytesOf(secret));
  keys.set(secret, known);
  return known;
}

function bytesOf(data: Bytes): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
