import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readWhole, writeWhole } from '../durable/file.ts';
import { account, defaultRegion } from '../service.ts';
import type { Key, Keys, KeySpec } from './model.ts';
import { keysFile } from './model.ts';

const arnPrefix = `arn:aws:kms:${defaultRegion}:${account}:`;

/** All keys in one file that its owner alone can read. Not a hardware module: what it signs proves nothing to others. */
export class KeyStore {
  readonly #path: string;
  readonly #state: Keys;

  constructor(stateDir: string) {
    this.#path = join(stateDir, 'kms', 'keys.json');
    this.#state = readWhole(this.#path, keysFile, { keys: [], aliases: {} });
  }

  /** By id, ARN, alias name or alias ARN, as KMS takes a KeyId. */
  find(keyId: string): Key | undefined {
    const name = keyId.startsWith(`${arnPrefix}alias/`) ? keyId.slice(arnPrefix.length) : keyId;
    const id = Object.hasOwn(this.#state.aliases, name) ? this.#state.aliases[name] : name;
    return this.#state.keys.find((key) => key.id === id || key.arn === id);
  }

  create(spec: KeySpec, description: string, created: number, id: string = randomUUID()): Key {
    const key: Key = { id, arn: `${arnPrefix}key/${id}`, spec, description, created, material: newMaterial(spec) };
    this.#state.keys.push(key);
    this.#save();
    return key;
  }

  /** False when the alias is taken. */
  createAlias(alias: string, key: Key): boolean {
    if (Object.hasOwn(this.#state.aliases, alias)) return false;
    this.#state.aliases[alias] = key.id;
    this.#save();
    return true;
  }

  aliases(): { readonly name: string; readonly arn: string; readonly keyId: string }[] {
    return Object.entries(this.#state.aliases).map(([name, keyId]) => ({ name, arn: arnPrefix + name, keyId }));
  }

  #save(): void {
    writeWhole(this.#path, JSON.stringify(this.#state, null, 2));
  }
}

function newMaterial(spec: KeySpec): string {
  switch (spec) {
    case 'ECC_NIST_P256':
      return pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    case 'RSA_2048':
      return pem(generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey);
    case 'HMAC_256':
      return randomBytes(32).toString('base64');
  }
}

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
