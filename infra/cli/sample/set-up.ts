import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExecuteStatementCommand, type RDSDataClient } from '@aws-sdk/client-rds-data';
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';

export interface Sample {
  readonly resourceArn: string;
  readonly database: string;
  readonly ownerSecretArn: string;
  readonly writeSecretArn: string;
  readonly readSecretArn: string;
}

const loginSchema = z.object({ username: z.string().regex(/^[a-z_]+$/), password: z.string().regex(/^[A-Za-z0-9]+$/) });

/** Statements of a SQL file: the Data API takes one at a time, and these files hold no semicolon inside one. */
const statementsOf = (text: string): string[] =>
  text
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');

/** A few tables with rows, and the two logins as docs/postgres-logins.sql makes them, on an empty database. */
export async function setUp(sample: Sample, data: RDSDataClient, secrets: SecretsManagerClient): Promise<void> {
  const { resourceArn, database, ownerSecretArn: secretArn } = sample;
  const run = (sql: string) => data.send(new ExecuteStatementCommand({ resourceArn, secretArn, database, sql }));
  const logins = join(import.meta.dirname, '..', '..', '..', 'docs', 'postgres-logins.sql');
  for (const file of [join(import.meta.dirname, 'shop.sql'), logins])
    for (const sql of statementsOf(readFileSync(file, 'utf8'))) await run(sql);
  for (const arn of [sample.writeSecretArn, sample.readSecretArn]) {
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
    const { username, password } = loginSchema.parse(JSON.parse(SecretString));
    // ALTER ROLE takes no parameters; both are letters, digits and underscores, or the line above has thrown.
    await run(`ALTER ROLE ${username} PASSWORD '${password}'`);
  }
}
