import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { err, ok, type Result } from '../../platform/result.ts';

/** Lends a target's credential to one piece of work. `why` never holds any of it. */
export interface Vault {
  /** Reads the token, hands it to `work` and forgets it: nothing is kept from one call to the next. */
  use<T>(arn: string, work: (token: string) => Promise<T>): Promise<Result<T, { readonly why: string }>>;
}

/** Nothing but what a header can carry: a line feed in a token would begin a header of somebody's choosing. */
const secretSchema = z.object({ token: z.string().regex(/^[\x21-\x7e]{1,16384}$/) });

/** Secrets Manager. One read a call, so that a token that is taken back works for no call after that. */
export function createVault(client: SecretsManagerClient): Vault {
  return {
    async use(arn, work) {
      const token = await readToken(client, arn);
      return token.ok ? ok(await work(token.value)) : token;
    },
  };
}

async function readToken(client: SecretsManagerClient, arn: string): Promise<Result<string, { readonly why: string }>> {
  try {
    const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    const parsed = secretSchema.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? ok(parsed.data.token) : err({ why: `the secret ${arn} is not JSON {"token": "…"}` });
  } catch (error) {
    // A message may quote what was read; the name tells what is wrong (ResourceNotFoundException, SyntaxError).
    return err({ why: `the secret ${arn} cannot be read: ${error instanceof Error ? error.name : 'unknown error'}` });
  }
}
