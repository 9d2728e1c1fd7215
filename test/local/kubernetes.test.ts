import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { strategicMerge } from '../../infra/local/services/kubernetes/patch/strategic.ts';
import {
  overTls,
  dropCluster,
  openCluster,
  TOKEN,
  type HttpsCall,
  type TestCluster,
} from '../support/kubernetes-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => dropCluster(cluster));

const PROD = '/api/v1/namespaces/prod';
const APPS = '/apis/apps/v1/namespaces/prod';

const send = (method: string, body: unknown, contentType = 'application/json'): HttpsCall => ({
  method,
  headers: { 'content-type': contentType },
  body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
});

const configMap = (name: string, data: Record<string, string> = {}, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...more },
  data,
});

describe('who is let in', () => {
  test('the CA that signed is pinned, keys are readable by their owner alone, and no other CA will do', async () => {
    expect(statSync(join(cluster.stateDir, 'tls', 'server.key')).mode & 0o077).toBe(0);
    await expect(overTls(cluster.url, '', '/version')).rejects.toThrow(/certificate/);
  });

  test.each([
    ['no token', {}],
    ['another token', { authorization: `Bearer ${TOKEN}x` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('%s is 401, in the shape of a Status', async (_, headers) => {
    const answer = await overTls(cluster.url, cluster.ca, '/api/v1/namespaces', { headers });
    expect([answer.status, answer.json['kind'], answer.json['reason']]).toEqual([401, 'Status', 'Unauthorized']);
  });

  test('impersonation is refused, not ignored', async () => {
    const answer = await cluster.call(PROD, { headers: { 'impersonate-user': 'admin' } });
    expect(answer.status).toBe(400);
  });
});

describe('what there is', () => {
  test('discovery is aggregated for who asks so, and comes in parts for others; both name the same kinds', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const whole = await cluster.call('/apis', { headers: { accept } });
    expect(whole.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    const apps = (
      whole.json as { items: { metadata: { name: string }; versions: { resources: { resource: string }[] }[] }[] }
    ).items.find((group) => group.metadata.name === 'apps');
    const parts = await cluster.call('/apis/apps/v1');
    const names = (parts.json as { resources: { name: string }[] }).resources.map(({ name }) => name);
    expect(names.filter((name) => !name.includes('/'))).toEqual(
      apps?.versions[0]?.resources.map(({ resource }) => resource),
    );
    expect((await cluster.call('/apis')).json['kind']).toBe('APIGroupList');
    const again = await cluster.call('/apis', { headers: { accept, 'if-none-match': String(whole.headers['etag']) } });
    expect(again.status).toBe(304);
  });

  test('OpenAPI v3 describes each group, and every reference in it leads somewhere', async () => {
    const { paths } = (await cluster.call('/openapi/v3')).json as {
      paths: Record<string, { serverRelativeURL: string }>;
    };
    for (const { serverRelativeURL } of Object.values(paths)) {
      const { text, json } = await cluster.call(serverRelativeURL);
      const { components } = json as { components: { schemas: Record<string, unknown> } };
      for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g))
        expect(components.schemas).toHaveProperty(name);
    }
    expect(Object.keys(paths)).toContain('apis/apps/v1');
    expect((await cluster.call('/openapi/v2')).status).toBe(404);
  });

  test.each([
    '/api/v1/nothing',
    '/apis/apps/v9/deployments',
    '/api/v1/pods/x',
    `${PROD}/pods/x/y/z`,
    '/api/v1//pods',
    '/api/v1/namespaces/%2e%2e/pods',
    '/metrics',
  ])('%s is 404 and a Status', async (path) => {
    const { status, json } = await cluster.call(path);
    expect([status, json['kind'], json['reason']]).toEqual([404, 'Status', 'NotFound']);
  });

  test.each(['exec', 'attach', 'portforward', 'proxy'])('pods/%s says that no container runs', async (what) => {
    const { status, json } = await cluster.call(`${PROD}/pods/web/${what}?command=ls`, { method: 'POST' });
    expect([status, json['reason']]).toEqual([405, 'MethodNotAllowed']);
  });

  test('a watch is told to list again, which is what makes kubectl ask again without a word', async () => {
    const { status, json } = await cluster.call(`${PROD}/pods?watch=1&resourceVersion=4`);
    expect([status, json['reason']]).toEqual([410, 'Expired']);
  });
});

describe('objects', () => {
  test('are created once, read, replaced under their version, and deleted', async () => {
    const made = await cluster.call(`${PROD}/configmaps`, send('POST', configMap('one', { a: '1' })));
    expect([made.status, made.json['kind']]).toEqual([201, 'ConfigMap']);
    expect((await cluster.call(`${PROD}/configmaps`, send('POST', configMap('one')))).json['reason']).toBe(
      'AlreadyExists',
    );
    const stale = configMap('one', { a: '2' }, { resourceVersion: '1' });
    expect((await cluster.call(`${PROD}/configmaps/one`, send('PUT', stale))).json['reason']).toBe('Conflict');
    const put = await cluster.call(`${PROD}/configmaps/one`, send('PUT', { ...made.json, data: { a: '2' } }));
    expect(put.json['data']).toEqual({ a: '2' });
    const gone = await cluster.call(`${PROD}/configmaps/one`, { method: 'DELETE' });
    expect([gone.status, gone.json['status']]).toEqual([200, 'Success']);
    expect((await cluster.call(`${PROD}/configmaps/one`)).status).toBe(404);
  });

  test('under a dry run look done, and are not', async () => {
    const dry = await cluster.call(`${PROD}/configmaps?dryRun=All`, send('POST', configMap('dry')));
    expect(dry.status).toBe(201);
    const deleted = await cluster.call('/api/v1/namespaces/staging?dryRun=All', { method: 'DELETE' });
    expect(deleted.status).toBe(200);
    expect((await cluster.call(`${PROD}/configmaps/dry`)).status).toBe(404);
    expect((await cluster.call('/api/v1/namespaces/staging')).status).toBe(200);
    expect((await cluster.call(`${PROD}/configmaps?dryRun=Some`, send('POST', configMap('dry')))).status).toBe(400);
  });

  test.each<[string, unknown, string]>([
    ['an unknown field, strictly', { ...configMap('bad'), dta: {} }, 'BadRequest'],
    ['another kind than the path says', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'bad' } }, 'BadRequest'],
    ['another namespace than the path says', configMap('bad', {}, { namespace: 'staging' }), 'BadRequest'],
    ['a name that is none', configMap('Not_A_Name'), 'Invalid'],
    ['a label that is none', configMap('bad', {}, { labels: { 'a b': 'c' } }), 'Invalid'],
    ['a member of the wrong type', { ...configMap('bad'), immutable: 'yes' }, 'Invalid'],
    ['no JSON', '{"apiVersion":', 'BadRequest'],
    ['a list', '[]', 'BadRequest'],
  ])('%s is refused', async (_, body, reason) => {
    const { json } = await cluster.call(`${PROD}/configmaps?fieldValidation=Strict`, send('POST', body));
    expect(json['reason']).toBe(reason);
  });

  test('are selected by labels and fields, and listed in pages', async () => {
    for (const [name, tier] of [
      ['p1', 'a'],
      ['p2', 'b'],
      ['p3', 'a'],
    ] as const)
      await cluster.call(`${PROD}/configmaps`, send('POST', configMap(name, {}, { labels: { tier, page: 'yes' } })));
    const names = async (query: string): Promise<string[]> => {
      const { json } = await cluster.call(`${PROD}/configmaps?${query}`);
      return (json as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
    };
    expect(await names('labelSelector=tier%3Da')).toEqual(['p1', 'p3']);
    expect(await names('labelSelector=tier+in+(a,b),tier!%3Da')).toEqual(['p2']);
    expect(await names('labelSelector=page,!tier')).toEqual([]);
    expect(await names('fieldSelector=metadata.name%3Dp2')).toEqual(['p2']);
    expect((await cluster.call(`${PROD}/configmaps?fieldSelector=data.a%3D1`)).status).toBe(400);
    const first = await cluster.call(`${PROD}/configmaps?labelSelector=page&limit=2`);
    const { metadata } = first.json as { metadata: { continue: string; remainingItemCount: number } };
    expect(metadata.remainingItemCount).toBe(1);
    expect(await names(`labelSelector=page&limit=2&continue=${metadata.continue}`)).toEqual(['p3']);
    await cluster.call(`${PROD}/configmaps?labelSelector=page`, { method: 'DELETE' });
    expect(await names('labelSelector=page')).toEqual([]);
  });

  test('come as a Table to who asks for one, with the columns that kubectl prints', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const { json } = await cluster.call(`${APPS}/deployments`, { headers: { accept } });
    const table = json as {
      kind: string;
      columnDefinitions: { name: string }[];
      rows: { cells: unknown[]; object: { kind: string } }[];
    };
    expect(table.kind).toBe('Table');
    expect(table.columnDefinitions.slice(0, 4).map(({ name }) => name)).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
    ]);
    expect(table.rows[0]?.cells.slice(0, 4)).toEqual(['web', '3/3', 3, 3]);
    expect(table.rows[0]?.object.kind).toBe('PartialObjectMetadata');
    const protobuf = await cluster.call(PROD, { headers: { accept: 'application/vnd.kubernetes.protobuf' } });
    expect(protobuf.status).toBe(406);
  });

  test('in protobuf are read where their shape is known, to the last empty value', async () => {
    // As kubectl 1.32 sent it for: kubectl create configmap tiny --from-literal=a=1 --from-literal=e=
    const body = Buffer.from(
      'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEiUKFAoEdGlueRIAGgAiACoAMgA4AEIAEgYKAWESATESBQoBZRIAGgAiAA==',
      'base64',
    );
    const made = await cluster.call(`${PROD}/configmaps`, send('POST', body, 'application/vnd.kubernetes.protobuf'));
    expect([made.status, made.json['data']]).toEqual([201, { a: '1', e: '' }]);
    const damaged = await cluster.call(
      `${PROD}/configmaps`,
      send('POST', body.subarray(0, 40), 'application/vnd.kubernetes.protobuf'),
    );
    expect([400, 415]).toContain(damaged.status);
  });
});

describe('patches', () => {
  const path = `${APPS}/deployments/web`;
  const containers = (json: object): unknown =>
    (json as { spec: { template: { spec: { containers: unknown } } } }).spec.template.spec.containers;

  test.each<[string, unknown]>([
    [
      'application/strategic-merge-patch+json',
      { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }] } } } },
    ],
    [
      'application/json-patch+json',
      [{ op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'side', image: 'side:1' } }],
    ],
    [
      'application/apply-patch+yaml',
      'apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: side, image: "side:1"}]}}}\n',
    ],
  ])('%s adds a container beside the one that is there', async (type, body) => {
    const { status, json } = await cluster.call(`${path}?dryRun=All&fieldManager=test`, send('PATCH', body, type));
    expect(status).toBe(200);
    expect(containers(json)).toMatchObject([{ name: 'web' }, { name: 'side' }]);
  });

  test('a merge patch replaces the list, and null takes a member away', async () => {
    const body = {
      metadata: { labels: { app: null } },
      spec: { template: { spec: { containers: [{ name: 'only', image: 'only:1' }] } } },
    };
    const { json } = await cluster.call(`${path}?dryRun=All`, send('PATCH', body, 'application/merge-patch+json'));
    expect(containers(json)).toMatchObject([{ name: 'only' }]);
    expect((json['metadata'] as { labels?: object }).labels).toEqual({});
  });

  test('server-side apply makes what is not there, and wants to know who applies', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: "1"}\n';
    const type = 'application/apply-patch+yaml';
    expect((await cluster.call(`${PROD}/configmaps/applied`, send('PATCH', yaml, type))).status).toBe(400);
    const made = await cluster.call(`${PROD}/configmaps/applied?fieldManager=test`, send('PATCH', yaml, type));
    expect(made.status).toBe(201);
  });

  test('directives of a strategic merge are followed', () => {
    const before = {
      containers: [
        { name: 'a', image: '1' },
        { name: 'b', image: '2' },
      ],
      restartPolicy: 'Always',
    };
    const merged = (patch: object) => strategicMerge(before, patch as never, 'PodSpec');
    expect(merged({ containers: [{ name: 'a', $patch: 'delete' }] })).toEqual({
      ...before,
      containers: [{ name: 'b', image: '2' }],
    });
    expect(merged({ containers: [{ $patch: 'replace' }, { name: 'c' }] })).toEqual({
      ...before,
      containers: [{ name: 'c' }],
    });
    expect(
      merged({
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
        containers: [{ name: 'a', image: '3' }],
      }),
    ).toEqual({
      ...before,
      containers: [
        { name: 'b', image: '2' },
        { name: 'a', image: '3' },
      ],
    });
    expect(merged({ $retainKeys: ['restartPolicy'], restartPolicy: 'Never' })).toEqual({ restartPolicy: 'Never' });
    expect(
      strategicMerge(
        { finalizers: ['x', 'y'] },
        { '$deleteFromPrimitiveList/finalizers': ['x'], finalizers: ['z'] },
        'ObjectMeta',
      ),
    ).toEqual({
      finalizers: ['y', 'z'],
    });
  });
});

describe('what belongs together', () => {
  const list = async (path: string): Promise<number> =>
    ((await cluster.call(path)).json as { items: unknown[] }).items.length;

  test('a deployment has its set and pods; scaled, there are as many; deleted, they go with it', async () => {
    const made = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'own' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'own' } },
        template: { metadata: { labels: { app: 'own' } }, spec: { containers: [{ name: 'c', image: 'c:1' }] } },
      },
    };
    await cluster.call(`${APPS}/deployments`, send('POST', made));
    const own = 'labelSelector=app%3Down';
    expect([await list(`${APPS}/replicasets?${own}`), await list(`${PROD}/pods?${own}`)]).toEqual([1, 2]);
    await cluster.call(
      `${APPS}/deployments/own/scale`,
      send('PATCH', { spec: { replicas: 5 } }, 'application/merge-patch+json'),
    );
    expect(await list(`${PROD}/pods?${own}`)).toBe(5);
    const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'c:2' }];
    await cluster.call(`${APPS}/deployments/own`, send('PATCH', image, 'application/json-patch+json'));
    expect([await list(`${APPS}/replicasets?${own}`), await list(`${PROD}/pods?${own}`)]).toEqual([2, 5]);
    const rolled = await cluster.call(`${APPS}/deployments/own`);
    expect(rolled.json['status']).toMatchObject({ observedGeneration: 3, updatedReplicas: 5, availableReplicas: 5 });
    await cluster.call(`${APPS}/deployments/own`, { method: 'DELETE' });
    expect([await list(`${APPS}/replicasets?${own}`), await list(`${PROD}/pods?${own}`)]).toEqual([0, 0]);
  });

  test('orphans stay; what a finalizer holds is marked and stays until it is let go', async () => {
    const owner = await cluster.call(
      `${PROD}/configmaps`,
      send('POST', configMap('owner', {}, { finalizers: ['example.com/hold'] })),
    );
    const { uid } = owner.json['metadata'] as { uid: string };
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid };
    await cluster.call(`${PROD}/configmaps`, send('POST', configMap('child', {}, { ownerReferences: [reference] })));
    const held = await cluster.call(`${PROD}/configmaps/owner?propagationPolicy=Orphan`, { method: 'DELETE' });
    expect(held.json['metadata']).toHaveProperty('deletionTimestamp');
    const free = [{ op: 'remove', path: '/metadata/finalizers' }];
    await cluster.call(`${PROD}/configmaps/owner`, send('PATCH', free, 'application/json-patch+json'));
    expect((await cluster.call(`${PROD}/configmaps/owner`)).status).toBe(404);
    expect((await cluster.call(`${PROD}/configmaps/child`)).status).toBe(200);
  });

  test('a namespace takes everything in it along', async () => {
    await cluster.call(
      '/api/v1/namespaces',
      send('POST', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'brief' } }),
    );
    await cluster.call('/api/v1/namespaces/brief/configmaps', send('POST', configMap('in-it')));
    await cluster.call('/api/v1/namespaces/brief', { method: 'DELETE' });
    expect((await cluster.call('/api/v1/namespaces/brief/configmaps/in-it')).status).toBe(404);
    const late = await cluster.call('/api/v1/namespaces/brief/configmaps', send('POST', configMap('late')));
    expect(late.json['reason']).toBe('NotFound');
  });
});

test('objects outlive a restart, and the seed is not sown twice', async () => {
  const first = await openCluster();
  await first.call(`${PROD}/configmaps/settings`, { method: 'DELETE' });
  await first.close();
  const second = await openCluster(first.stateDir);
  expect(second.seed).toBe('kept');
  expect(second.ca).toBe(first.ca);
  expect((await second.call(`${PROD}/configmaps/settings`)).status).toBe(404);
  expect((await second.call(`${PROD}/secrets/payments`)).json['data']).toEqual({
    password: Buffer.from('correct horse battery staple').toString('base64'),
  });
  await dropCluster(second);
});
