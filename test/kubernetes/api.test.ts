import { createHash, createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSecretsManager, type EmbeddedSecretsManager } from '../../infra/local/services/secrets-manager/server.ts';
import { createEksToken } from '../../shared/aws/kubernetes/eks-token.ts';
import { createKubernetesApi } from '../../shared/aws/kubernetes/index.ts';
import { forgetAgents } from '../../shared/aws/kubernetes/send.ts';
import { createVault } from '../../shared/aws/kubernetes/vault.ts';
import { failureOf } from '../../shared/connectors/kubernetes/execute/outcome.ts';
import { connectionSchema, type KubernetesConnection } from '../../shared/contracts/config/connection.ts';
import { settingsFor, temporaryFolder } from '../local/endpoint.ts';
import { dropCluster, openCluster, TOKEN } from '../support/kubernetes-cluster.ts';
import { kubernetesContract } from './api.contract.ts';
import { ownTls } from './support/authority.ts';
import { fromKubeconfig } from './support/kubeconfig.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:cluster-AbCdEf';

function connectionTo(server: string, certificateAuthority: string): KubernetesConnection {
  const connection = connectionSchema.parse({
    name: 'cluster',
    kind: 'kubernetes',
    environment: 'production',
    server,
    certificateAuthority,
    credential: { kind: 'service-account', secretArn: SECRET },
  });
  if (connection.kind !== 'kubernetes') throw new Error('not a cluster');
  return connection;
}

let folder: string;
let secrets: EmbeddedSecretsManager;
let client: SecretsManagerClient;
beforeAll(async () => {
  folder = await temporaryFolder();
  secrets = await startSecretsManager({ stateDir: folder });
  client = new SecretsManagerClient(settingsFor(secrets.url));
  secrets.importSecret(SECRET, JSON.stringify({ token: TOKEN }));
});
afterAll(async () => {
  forgetAgents();
  client.destroy();
  await secrets.close();
  await rm(folder, { recursive: true, force: true });
});

kubernetesContract('embedded', async () => {
  const cluster = await openCluster();
  return {
    connection: connectionTo(cluster.url, cluster.ca),
    vault: createVault(client),
    close: async () => {
      forgetAgents();
      await dropCluster(cluster);
    },
  };
});
const outside = fromKubeconfig(process.env['KUBECONFIG'], connectionTo);
if (outside !== undefined) kubernetesContract(outside.connection.server, () => Promise.resolve(outside));

describe('a secret', () => {
  test.each(['{"token": "a\\nb"}', '{"password": "x"}', 'not json'])(
    '%s is no credential, and is not quoted',
    async (text) => {
      const arn = `${SECRET}${String(text.length)}`;
      secrets.importSecret(arn, text);
      const lent = await createVault(client).use(arn, () => Promise.resolve('used'));
      expect(lent).toMatchObject({ ok: false });
      expect(JSON.stringify(lent)).not.toContain('not json');
    },
  );

  test('is read for every call: what is replaced is not used again', async () => {
    const arn = `${SECRET}-replaced`;
    const seen: string[] = [];
    for (const token of ['first', 'second']) {
      secrets.importSecret(arn, JSON.stringify({ token }));
      await createVault(client).use(arn, (lent) => Promise.resolve(seen.push(lent)));
    }
    expect(seen).toEqual(['first', 'second']);
  });
});

/** As STS computes it again from what it gets (AWS General Reference, "Create a signed AWS API request"). */
function signatureOf(url: URL, cluster: string, secretAccessKey: string): string {
  const strict = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${strict(name)}=${strict(value)}`)
    .toSorted()
    .join('&');
  const headers = `host:${url.host}\nx-k8s-aws-id:${cluster}\n`;
  const nothing = createHash('sha256').digest('hex');
  const canonical = ['GET', '/', query, headers, 'host;x-k8s-aws-id', nothing].join('\n');
  const date = url.searchParams.get('X-Amz-Date') ?? '';
  const scope = (url.searchParams.get('X-Amz-Credential') ?? '').split('/').slice(1);
  const digest = createHash('sha256').update(canonical).digest('hex');
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), digest].join('\n');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const key = scope.reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

describe('a token for EKS', () => {
  test('is a presigned GetCallerIdentity for the one cluster, good for a minute', async () => {
    const now = new Date('2026-11-29T12:00:00Z');
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'a/session+token=' };
    const make = createEksToken(() => now, credentials);
    const token = await make({ cluster: 'prod', region: 'eu-west-1' });
    expect(token).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
    const url = new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString('utf8'));
    expect(`${url.origin}${url.pathname}`).toBe('https://sts.eu-west-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE/20261129/eu-west-1/sts/aws4_request',
      'X-Amz-Date': '20261129T120000Z',
      'X-Amz-Expires': '60',
      'X-Amz-Security-Token': 'a/session+token=',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    });
    expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url, 'prod', credentials.secretAccessKey));
    expect(await make({ cluster: 'other', region: 'eu-west-1' })).not.toBe(token);
    expect(token).not.toContain('secret');
  });
});

describe('an answer that does not come', () => {
  let server: Server;
  let connection: KubernetesConnection;
  let behave: (response: ServerResponse) => void = () => undefined;
  beforeAll(async () => {
    const tls = ownTls();
    server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
      request.resume().on('end', () => {
        behave(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    connection = connectionTo(`https://127.0.0.1:${String((server.address() as AddressInfo).port)}`, tls.ca);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const outcome = async (access: 'read' | 'write', to = connection) => {
    const api = createKubernetesApi({ vault: createVault(client), eksToken: () => Promise.reject(new Error('none')) });
    const call = {
      connection: to,
      access,
      method: 'POST',
      target: '/api/v1/x',
      accept: 'application/json',
      timeoutSeconds: 1,
    };
    return failureOf(await api.call(call), access);
  };

  test('leaves a change unknown and a read unavailable', async () => {
    behave = (response) => {
      response.destroy();
    };
    expect(await outcome('write')).toMatchObject({ kind: 'unknown' });
    expect(await outcome('read')).toMatchObject({ kind: 'unavailable' });
  });

  test('in time leaves a change unknown', async () => {
    behave = () => undefined;
    expect(await outcome('write')).toMatchObject({ kind: 'unknown' });
  });

  test.each([
    [500, 'write', 'unknown'],
    [504, 'write', 'unknown'],
    [500, 'read', 'refused'],
    [409, 'write', 'refused'],
    [429, 'write', 'refused'],
    [401, 'write', 'unavailable'],
    [302, 'write', 'refused'],
  ] as const)('but a status of %d to a %s is %s', async (status, access, kind) => {
    behave = (response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"kind":"Status"}');
    };
    expect(await outcome(access)).toMatchObject({ kind });
  });

  test('from nowhere was certainly not sent', async () => {
    expect(await outcome('write', { ...connection, server: 'https://127.0.0.1:1' })).toMatchObject({
      kind: 'unavailable',
    });
  });
});
