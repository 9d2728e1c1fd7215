import type { PostgresConnection } from '../../../shared/contracts/config/connection.ts';

/** Whether a role may read a secret, as IAM says. */
export type MayRead = 'allowed' | 'denied';

/** A gateway that stands somewhere, as far as the doctor needs to know it. */
export interface Place {
  readonly url: string;
  readonly configBucket: string;
  readonly archiveBucket: string;
  /** Roles of the functions, by function, with a way to ask IAM; absent where there is no IAM. */
  readonly roles?: ReadonlyMap<string, (secretArn: string) => Promise<MayRead>>;
  /** `undefined` when the Data API of this connection's cluster is on; else what is wrong. Throws when it cannot be found out. */
  dataApiFault(connection: PostgresConnection): Promise<string | undefined>;
}
