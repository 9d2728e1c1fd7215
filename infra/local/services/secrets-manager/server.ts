import { randomInt, randomUUID } from 'node:crypto';
import type { EmbeddedService, ServiceOptions } from '../service.ts';
import { machineClock } from '../service.ts';
import { awsJson } from '../wire/aws-json.ts';
import { listen } from '../wire/http-server.ts';
import type { Secret } from './model.ts';
import { secretName } from './model.ts';
import { operations } from './operations.ts';
import { LETTERS_AND_DIGITS, SecretStore } from './store.ts';
import { addVersion } from './versions.ts';

/** A value is at most 64 KiB, base64 and JSON escapes grow it. */
const maxBodyBytes = 512 * 1024;

export interface EmbeddedSecretsManager extends EmbeddedService {
  /**
   * Puts a secret under the ARN that a configuration already names, of whatever account and region, since CreateSecret
   * would choose another. Its current value is replaced when it differs. @throws when `arn` is not a secret's ARN.
   */
  importSecret(arn: string, secretString: string): void;
  /** Makes a secret of random letters and digits under the ARN that a template names, unless there is one. */
  ensureSecret(arn: string, characters: number): void;
}

/** Secrets Manager in one file: see operations.ts for what there is. State: `stateDir/secrets-manager`, mode 0600. */
export async function startSecretsManager(options: ServiceOptions): Promise<EmbeddedSecretsManager> {
  const { stateDir, host = '127.0.0.1', port = 0, clock = machineClock } = options;
  const store = new SecretStore(stateDir);
  const protocol = awsJson({
    name: 'Secrets Manager',
    targetPrefix: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    host,
    operations: operations(store, clock),
  });
  const server = await listen({ host, port, maxBodyBytes }, protocol);
  return {
    name: 'Secrets Manager',
    endpointVariable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    url: server.url,
    close: () => server.close(),
    importSecret: (arn, secretString) => {
      importSecret(store, arn, secretString, clock().getTime() / 1000);
    },
    ensureSecret: (arn, characters) => {
      if (store.find(arn) === undefined) importSecret(store, arn, randomText(characters), clock().getTime() / 1000);
    },
  };
}

/** What GenerateSecretString makes without punctuation. */
const randomText = (characters: number): string =>
  Array.from({ length: characters }, () => LETTERS_AND_DIGITS[randomInt(LETTERS_AND_DIGITS.length)]).join('');

function importSecret(store: SecretStore, arn: string, string: string, now: number): void {
  const named = /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:(.+)$/.exec(arn)?.[1];
  const name = secretName.safeParse(named?.replace(/-[A-Za-z0-9]{6}$/, ''));
  if (!name.success) throw new Error(`${arn} is not the ARN of a secret`);
  const known = store.find(arn);
  // Two ARNs of one name in different accounts are two secrets here as well: the ARN is the name then.
  const free = known?.name ?? (store.find(name.data) === undefined ? name.data : arn);
  const secret: Secret = known ?? { name: free, arn, created: now, changed: now, versions: [] };
  if (secret.versions.some((one) => one.stages.includes('AWSCURRENT') && one.string === string)) return;
  const next = addVersion(secret, { id: randomUUID(), created: now, stages: ['AWSCURRENT'], string });
  if (next.ok) store.save(next.value);
}
