import type { Result } from '../../../../shared/platform/result.ts';
import { err, ok } from '../../../../shared/platform/result.ts';
import * as z from 'zod';
import type { Login } from './sessions.ts';
import type { DataApiFault, Target } from './wire.ts';

/** Where a cluster's database really is. */
export interface RegisteredDatabase {
  readonly resourceArn: string;
  /** The name that callers use. */
  readonly database: string;
  readonly host: string;
  readonly port: number;
  /** Its name in the server. */
  readonly physicalDatabase: string;
}

/** The value of a secret by ARN, or undefined. */
export type ReadSecret = (secretArn: string) => Promise<string | undefined>;

/** As RDS keeps a login: more members (host, engine, …) are allowed and not used. */
const loginSecret = z.looseObject({ username: z.string().min(1), password: z.string().min(1) });

export interface Registry {
  register(entry: RegisteredDatabase): void;
  resolve(target: Target): Promise<Result<Login, DataApiFault>>;
}

export function createRegistry(readSecret: ReadSecret): Registry {
  const databases = new Map<string, RegisteredDatabase>();
  const key = (resourceArn: string, database: string): string => JSON.stringify([resourceArn, database]);
  return {
    register: (entry) => void databases.set(key(entry.resourceArn, entry.database), entry),
    async resolve({ resourceArn, secretArn, database, schema }) {
      if (schema !== undefined) return refuse('ValidationException', "The schema parameter isn't supported");
      if (database === undefined) return refuse('BadRequestException', 'Database name is not provided');
      const entry = databases.get(key(resourceArn, database));
      if (entry === undefined)
        return refuse('DatabaseNotFoundException', `DB ${database} of ${resourceArn} is not found`);
      const login = await readLogin(readSecret, secretArn);
      if (!login.ok) return login;
      const { host, port, physicalDatabase } = entry;
      return ok({ host, port, database: physicalDatabase, user: login.value.username, password: login.value.password });
    },
  };
}

async function readLogin(
  readSecret: ReadSecret,
  secretArn: string,
): Promise<Result<z.output<typeof loginSecret>, DataApiFault>> {
  const text = await readSecret(secretArn).catch(() => undefined);
  if (text === undefined) return refuse('SecretsErrorException', `The secret ${secretArn} could not be read`);
  try {
    return ok(loginSecret.parse(JSON.parse(text)));
  } catch {
    return refuse('InvalidSecretException', `The secret ${secretArn} needs the members username and password`);
  }
}

function refuse(code: DataApiFault['code'], message: string): Result<never, DataApiFault> {
  return err({ code, message });
}
