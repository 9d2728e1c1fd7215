import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSecretReader } from '../../shared/aws/secrets.ts';
import { slackSecretFrom } from '../../shared/slack/secret.ts';
import { containing } from './parts.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:countersign/slack-AbCdEf';
const GOOD = JSON.stringify({ botToken: 'xoxb-1-aaaaaaaaaaaa', signingSecret: '0123456789abcdef' });

/** Enough of Secrets Manager's protocol to count reads and to fail on order. */
let answer: { status: number; body: object };
let reads = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    reads += 1;
    response
      .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answer.body));
  });
});
let client: SecretsManagerClient;
let now = 0;
const reader = () => createSecretReader(client, () => new Date(now));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(() => {
  now = 1_000_000_000_000;
  reads = 0;
  answer = { status: 200, body: { SecretString: GOOD } };
});

describe('a secret', () => {
  it('is read once in five minutes', async () => {
    const secrets = reader();
    await secrets.read(ARN);
    now += 299_999;
    await secrets.read(ARN);
    expect(reads).toBe(1);
    now += 1;
    await secrets.read(ARN);
    expect(reads).toBe(2);
  });

  it('is renewed on request, but not more than twice a minute', async () => {
    const secrets = reader();
    await secrets.read(ARN);
    now += 29_999;
    await secrets.read(ARN, true);
    expect(reads).toBe(1);
    now += 1;
    await secrets.read(ARN, true);
    await secrets.read(ARN, true);
    expect(reads).toBe(2);
  });

  it('past its age is not used when it cannot be read again', async () => {
    const secrets = reader();
    await secrets.read(ARN);
    now += 300_000;
    answer = { status: 400, body: { __type: 'ResourceNotFoundException', message: GOOD } };
    const read = await secrets.read(ARN);
    expect(read).toEqual({
      ok: false,
      error: { message: `the secret ${ARN} cannot be read: ResourceNotFoundException` },
    });
  });

  it('that holds bytes is refused', async () => {
    answer = { status: 200, body: { SecretBinary: 'AAAA' } };
    expect(await reader().read(ARN)).toMatchObject({ ok: false });
  });
});

describe('the secret of Slack', () => {
  it('is JSON with a bot token and a signing secret', async () => {
    expect(await slackSecretFrom(reader(), ARN)()).toEqual({ ok: true, value: JSON.parse(GOOD) as unknown });
  });

  it.each([
    '',
    'xoxb-1-aaaaaaaaaaaa',
    '{}',
    '{"botToken":"xoxb-1-aaaaaaaaaaaa","signingSecret":""}',
    '{"botToken":"password","signingSecret":"0123456789abcdef"}',
  ])('refuses %j without a word of it', async (text) => {
    answer = { status: 200, body: { SecretString: text } };
    const read = await slackSecretFrom(reader(), ARN)();
    expect(read).toMatchObject({ ok: false, error: { message: containing('must be JSON') } });
    expect(JSON.stringify(read)).not.toMatch(/password|aaaaaaaaaaaa|0123456789abcdef/);
  });
});
