import type { Result } from '../../platform/result.ts';

/** The text of a secret could not be had. `message` never holds any of the secret. */
export interface SecretFault {
  readonly message: string;
}

/** Reads the gateway's own secrets (Slack). Credentials of targets never come this way: see the vault. */
export interface SecretReader {
  /**
   * `renew` asks for a fresh read, because what was had before has just been refused (a rotated secret). Answered at
   * most once in a while, so that refused requests from outside cannot become calls to Secrets Manager.
   */
  read(arn: string, renew?: boolean): Promise<Result<string, SecretFault>>;
}
