import type { KeyedDigests } from '../gateway/ports/keyed-digests.ts';
import type { SecretReader } from '../gateway/ports/secrets.ts';
import { keyedDigest, type KeyedDigest } from '../platform/keyed-digest.ts';
import { err, ok } from '../platform/result.ts';

/** What HMAC-SHA-256 is worth: a secret that holds fewer characters was not made by the stack. */
const MIN_CHARACTERS = 32;

/** The installation's secret, read once in the life of a function: it does not change, so it need not be asked for again. */
export function createKeyedDigests(secrets: SecretReader, arn: string): KeyedDigests {
  let known: KeyedDigest | undefined;
  return {
    current: async () => {
      if (known !== undefined) return ok(known);
      const secret = await secrets.read(arn);
      if (!secret.ok) return secret;
      if (secret.value.length < MIN_CHARACTERS)
        return err({ message: `the secret ${arn} is too short: ${MIN_CHARACTERS} characters at least` });
      known = keyedDigest(secret.value);
      return ok(known);
    },
  };
}
