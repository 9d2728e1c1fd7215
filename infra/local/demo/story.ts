import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { gunzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningStack } from '../stack.ts';
import { createGatewayClient, type GatewayAnswer } from './gateway-client.ts';
import { createSlackPerson } from './slack-person.ts';

/** One step: what it shows, and what came of it. A step that did not come out right throws. */
export interface Step {
  readonly title: string;
  readonly run: () => Promise<string>;
}

const READ = `SELECT c.name, c.email, p.card_number FROM customers c
  JOIN orders o ON o.customer_id = c.id JOIN payments p ON p.order_id = o.id ORDER BY p.id LIMIT 2`;

/** The story of the README, start to end, against a running stack. Steps depend on the ones before. */
export async function story(stack: RunningStack): Promise<readonly Step[]> {
  const agent = createGatewayClient(stack.url, await stack.tokenFor('ci-agent'));
  const dana = createSlackPerson(stack.url, 'U0DBA00001');
  const remove = (id: number) =>
    agent.execute({
      connection: 'orders',
      statement: `DELETE FROM payments WHERE id = ${id}`,
      reason: 'Duplicate charge',
    });
  let approved = '';
  return [
    step('An agent reads: e-mail and card number come back masked', async () => {
      const answer = await agent.execute({ connection: 'orders', statement: READ });
      expect(answer.http === 200 && maskedColumns(answer) === 'email,card_number', answer);
      return JSON.stringify(answer.result?.rows[0]);
    }),
    step('It tries DROP TABLE: blocked, and the database never sees it', async () => {
      const answer = await agent.execute({ connection: 'orders', statement: 'DROP TABLE customers' });
      expect(answer.http === 403 && answer.code === 'blocked_by_policy', answer);
      const after = await agent.execute({ connection: 'orders', statement: 'SELECT count(*) FROM customers' });
      expect(after.http === 200, after);
      return `${answer.detail ?? ''} (customers still has ${count(after)} rows)`;
    }),
    step('It asks for a DELETE: nothing runs, a person is asked in Slack', async () => {
      const answer = await remove(1001);
      expect(answer.http === 202 && answer.status === 'pending_approval', answer);
      approved = answer.session ?? '';
      return `${approved} waits under seal ${answer.seal?.slice(0, 16) ?? ''}…`;
    }),
    step('Dana, a DBA, presses Approve in Slack', () => dana.press(approved, 'approve')),
    step('The workflow resumes, the row is gone, the long poll returns', async () => {
      const answer = await agent.session(approved, 20);
      expect(answer.status === 'succeeded' && answer.result?.rowCount === 1, answer);
      const left = await agent.execute({
        connection: 'orders',
        statement: 'SELECT count(*) FROM payments WHERE id = 1001',
      });
      expect(count(left) === '0', left);
      return `1 row deleted; SELECT count(*) … WHERE id = 1001 says ${count(left)}`;
    }),
    step('The session tells its story, its chain verifies, its archive object is in S3', async () => {
      const answer = await agent.session(approved);
      expect(answer.chain?.valid === true, answer);
      const lines = await archived(stack, answer.archive ?? '');
      expect(lines === answer.events?.length, answer);
      return `${answer.events?.map(({ type }) => type).join(' → ') ?? ''}; ${lines} events in ${answer.archive ?? ''}`;
    }),
    step('Another DELETE is denied, with a reason, and does not run', async () => {
      const asked = await remove(1002);
      await dana.press(asked.session ?? '', 'deny', 'Not a duplicate: two orders share this amount.');
      const answer = await agent.session(asked.session ?? '', 20);
      expect(answer.status === 'denied', answer);
      const left = await agent.execute({
        connection: 'orders',
        statement: 'SELECT count(*) FROM payments WHERE id = 1002',
      });
      expect(count(left) === '1', left);
      return 'denied: Not a duplicate: two orders share this amount. The row is still there.';
    }),
  ];
}

const step = (title: string, run: () => Promise<string>): Step => ({ title, run });

function expect(right: boolean, answer: GatewayAnswer): void {
  if (!right) throw new Error(`came out otherwise: ${JSON.stringify(answer).slice(0, 2_000)}`);
}

/** The one value of a `SELECT count(*)`. */
const count = (answer: GatewayAnswer): string => JSON.stringify(answer.result?.rows[0]?.[0]).replaceAll('"', '');

const maskedColumns = (answer: GatewayAnswer): string =>
  (answer.result?.columns ?? [])
    .filter((column) => column.masked)
    .map((column) => column.name)
    .join(',');

/** Events in the archive object of a session, as an auditor would read them from S3. */
async function archived(stack: RunningStack, key: string): Promise<number> {
  const s3 = new S3Client({
    endpoint: stack.environment['AWS_ENDPOINT_URL_S3'] ?? '',
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const bucket = Object.values(stack.lambda.functions).find(({ name }) => name === 'archive-sessions')?.environment[
    'ARCHIVE_BUCKET'
  ];
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch(() => undefined);
    if (found?.Body !== undefined)
      return gunzipSync(await found.Body.transformToByteArray())
        .toString('utf8')
        .trim()
        .split('\n').length;
    await sleep(200);
  }
  throw new Error(`${key} did not reach the archive`);
}
