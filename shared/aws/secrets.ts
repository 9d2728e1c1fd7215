import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretFault, SecretReader } from '../gateway/ports/secrets.ts';
import type { Clock } from '../platform/clock.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';

/** How old a secret may be. A withdrawn one works for at most this long; one read in five minutes costs next to nothing. */
const MAX_AGE_MS = 300_000;
/** Least time between two reads of one secret that were asked for by a refusal: bounds what a stranger can cause. */
const RENEW_EVERY_MS = 30_000;
/** Secrets held at once. The gateway has one (Slack); more than a few means that a caller passes ARNs from outside. */
const MAX_HELD = 16;

interface Held {
  readonly text: string;
  readonly readAt: number;
}

/** Secrets Manager behind a small cache. A read that fails is an error: an old secret is not used past its age. */
export function createSecretReader(client: SecretsManagerClient, clock: Clock): SecretReader {
  const held = new Map<string, Held>();
  return {
    async read(arn, renew = false) {
      const now = clock().getTime();
      const known = held.get(arn);
      if (known !== undefined && now - known.readAt < (renew ? RENEW_EVERY_MS : MAX_AGE_MS)) return ok(known.text);
      const fresh = await fetchSecret(client, arn);
      if (fresh.ok) remember(held, arn, { text: fresh.value, readAt: now });
      return fresh;
    },
  };
}

async function fetchSecret(client: SecretsManagerClient, arn: string): Promise<Result<string, SecretFault>> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (answer.SecretString !== undefined) return ok(answer.SecretString);
    return err({ message: `the secret ${arn} holds no text: store it as a JSON string` });
  } catch (error) {
    // The name tells what is wrong (ResourceNotFoundException, AccessDeniedException); messages may quote the request.
    return err({
      message: `the secret ${arn} cannot be read: ${error instanceof Error ? error.name : 'unknown error'}`,
    });
  }
}

function remember(held: Map<string, Held>, arn: string, value: Held): void {
  if (held.size >= MAX_HELD && !held.has(arn)) held.clear();
  held.set(arn, value);
}
