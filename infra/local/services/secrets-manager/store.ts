import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { readWhole, writeWhole } from '../durable/file.ts';
import { account, defaultRegion } from '../service.ts';
import type { Secret } from './model.ts';
import { secretsFile } from './model.ts';

/** All secrets in one file that its owner alone can read, written whole on every change. In clear: this is a laptop. */
export class SecretStore {
  readonly #path: string;
  readonly #secrets: Map<string, Secret>;

  constructor(stateDir: string) {
    this.#path = join(stateDir, 'secrets-manager', 'secrets.json');
    this.#secrets = new Map(readWhole(this.#path, secretsFile, []).map((secret) => [secret.name, secret]));
  }

  /** By name, whole ARN, or ARN without the six characters at its end, as Secrets Manager takes it. */
  find(id: string): Secret | undefined {
    const byName = this.#secrets.get(id);
    if (byName !== undefined || !id.startsWith('arn:')) return byName;
    return this.all().find((secret) => secret.arn === id || secret.arn.replace(/-[A-Za-z0-9]{6}$/, '') === id);
  }

  all(): Secret[] {
    return [...this.#secrets.values()];
  }

  save(secret: Secret): void {
    this.#secrets.set(secret.name, secret);
    writeWhole(this.#path, JSON.stringify(this.all(), null, 2));
  }
}

export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The ARN of a new secret; the six random characters keep a deleted and re-created name from being the same thing. */
export function newArn(name: string): string {
  const suffix = Array.from({ length: 6 }, () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)]).join('');
  return `arn:aws:secretsmanager:${defaultRegion}:${account}:secret:${name}-${suffix}`;
}
