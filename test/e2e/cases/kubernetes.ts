import { beforeAll, describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { overTls, type HttpsAnswer, type HttpsCall } from '../../support/kubernetes-cluster.ts';
import { cli } from '../../support/run-cli.ts';
import { KUBECTL, kubeconfigFor, kubectlWith, type Kubectl } from '../../support/kubectl.ts';
import type { World } from '../world.ts';

const statusSchema = z.looseObject({
  kind: z.literal('Status'),
  reason: z.string(),
  message: z.string(),
  code: z.number(),
});

/** What kubectl 1.32 sends, recorded from it, byte for byte where it matters. */
const RECORDED = {
  discovery:
    'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
  table:
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
  protobuf: 'application/vnd.kubernetes.protobuf,application/json',
  /** kubectl create configmap tiny --from-literal=a=1 --from-literal=e= */
  configMap: Buffer.from(
    'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEiUKFAoEdGlueRIAGgAiACoAMgA4AEIAEgYKAWESATESBQoBZRIAGgAiAA==',
    'base64',
  ),
  /** kubectl auth can-i delete pods */
  review: Buffer.from(
    'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSPAoQCgASABoAIgAqADIAOABCABIeChwKBHByb2QSBmRlbGV0ZRoAIgAqBHBvZHMyADoAGggIABIAGgAgABoAIgA=',
    'base64',
  ),
};

export function kubernetesCases(get: () => World): void {
  let token = '';
  const sessionIn = (text: string): string => /ses_[a-z0-9]{26}/.exec(text)?.[0] ?? '';
  const call = (path: string, given: HttpsCall = {}, as = token): Promise<HttpsAnswer> => {
    const { secureUrl, caFile } = get().stack;
    const headers = { authorization: `Bearer ${as}`, accept: 'application/json, */*', ...given.headers };
    return overTls(secureUrl, readCa(caFile), `/k8s/shop${path}`, { ...given, headers });
  };
  const statusOf = (answer: HttpsAnswer) => statusSchema.parse(answer.json);
  /** Devi Anand of the platform team says yes, and it has run. */
  const approve = async (id: string): Promise<void> => {
    const { stack, agent } = get();
    const { seal } = await agent.session(id);
    const response = await fetch(`${stack.url}/v1/sessions/${id}/approve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await stack.tokenFor('dba-2')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ seal }),
    });
    expect(response.status).toBe(200);
    const waited = await cli('sessions', 'wait', id, '--as', 'ci-agent', '--state', stack.state);
    expect(waited).toMatchObject({ code: 0, out: expect.stringContaining('succeeded') as string });
  };
  beforeAll(async () => {
    token = await get().stack.tokenFor('ci-agent');
  });

  describe('asked as kubectl asks', () => {
    test('answers discovery in the form that was asked for, and lists as Tables', async () => {
      const discovery = await call('/apis?timeout=32s', { headers: { accept: RECORDED.discovery } });
      expect(discovery.headers['content-type']).toBe(
        'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      );
      expect(discovery.text).toContain('"apps"');
      const pods = await call('/api/v1/namespaces/prod/pods?limit=500', { headers: { accept: RECORDED.table } });
      const table = z.looseObject({ kind: z.string(), rows: z.array(z.looseObject({ cells: z.array(z.unknown()) })) });
      const { kind, rows } = table.parse(pods.json);
      expect([kind, rows.length]).toEqual(['Table', 5]);
      expect(rows[0]?.cells.slice(1, 3)).toEqual(['1/1', 'Running']);
    });

    test('shows Secrets without their values, and what they are for', async () => {
      const { json, text } = await call('/api/v1/namespaces/prod/secrets/payments');
      expect(json).toMatchObject({ kind: 'Secret', metadata: { name: 'payments', namespace: 'prod' } });
      expect(text).not.toContain(Buffer.from('correct-horse-battery-staple').toString('base64'));
      expect(text).not.toContain('correct-horse');
    });

    test('answers a protobuf question, and changes staging by one', async () => {
      const headers = { accept: RECORDED.protobuf, 'content-type': 'application/vnd.kubernetes.protobuf' };
      const review = await call('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        method: 'POST',
        headers,
        body: RECORDED.review,
      });
      expect([review.status, review.json['status']]).toEqual([201, expect.objectContaining({ allowed: true })]);
      const path = '/configmaps?fieldManager=kubectl-create&fieldValidation=Strict';
      const made = await call(`/api/v1/namespaces/staging${path}`, {
        method: 'POST',
        headers,
        body: RECORDED.configMap,
      });
      expect([made.status, made.json['kind']]).toEqual([201, 'ConfigMap']);
      const prod = await call(`/api/v1/namespaces/prod${path}`, { method: 'POST', headers, body: RECORDED.configMap });
      expect(statusOf(prod)).toMatchObject({ code: 403, reason: 'Forbidden' });
      expect(statusOf(prod).message).toContain('prod-wants-readable-bodies: ');
    });

    test('applies to production once the platform team agrees: the same request again has the answer, once', async () => {
      const path = '/api/v1/namespaces/prod/configmaps';
      const missing = await call(`${path}/limits`);
      expect(statusOf(missing)).toMatchObject({ code: 404, reason: 'NotFound' });
      const body = JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'limits', namespace: 'prod' },
        data: { max: '10' },
      });
      const apply = () =>
        call(`${path}?fieldManager=kubectl-client-side-apply&fieldValidation=Strict`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
      const waiting = statusOf(await apply());
      const id = sessionIn(waiting.message);
      expect(waiting).toMatchObject({ code: 403, reason: 'ApprovalRequired' });
      for (const told of ['prod-needs-platform: ', 'platform (1 person)', `countersign sessions wait ${id}`])
        expect(waiting.message).toContain(told);
      expect(sessionIn(statusOf(await apply()).message)).toBe(id);
      await approve(id);
      const done = await apply();
      expect([done.status, done.json['data']]).toEqual([201, { max: '10' }]);
      const anew = statusOf(await apply());
      expect(anew.reason).toBe('ApprovalRequired');
      expect(sessionIn(anew.message)).not.toBe(id);
      expect((await call(`${path}/limits`)).json['data']).toEqual({ max: '10' });
    });

    test.each<[string, string, HttpsCall, number, string]>([
      ['exec', '/api/v1/namespaces/prod/pods/web/exec?command=ls', { method: 'POST' }, 403, 'Forbidden'],
      ['exec by GET', '/api/v1/namespaces/prod/pods/web/exec?command=ls', {}, 403, 'Forbidden'],
      ['a namespace', '/api/v1/namespaces/staging', { method: 'DELETE' }, 403, 'Forbidden'],
      ['a watch, so that clients list again', '/api/v1/namespaces/prod/pods?watch=true', {}, 410, 'Expired'],
      ['somebody else’s name', '/api/v1/pods', { headers: { 'impersonate-user': 'admin' } }, 400, 'BadRequest'],
      ['a path that two readers read differently', '/api/v1/namespaces/prod/..%2fstaging/pods', {}, 400, 'BadRequest'],
      ['two slashes', '/api/v1//pods', {}, 400, 'BadRequest'],
      ['a path that is none', '/secret/door', {}, 400, 'BadRequest'],
      ['a kind that is not there', '/apis/example.com/v1/namespaces/prod/widgets', {}, 404, 'NotFound'],
      [
        'what is no JSON',
        '/api/v1/namespaces/staging/pods',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' },
        400,
        'BadRequest',
      ],
      [
        'a member twice',
        '/api/v1/namespaces/staging/pods',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1,"a":2}' },
        400,
        'BadRequest',
      ],
      [
        'a body that says it is something else',
        '/api/v1/namespaces/staging/pods',
        { method: 'POST', headers: { 'content-type': 'text/csv' }, body: 'a,b' },
        400,
        'BadRequest',
      ],
      [
        'a huge body',
        '/api/v1/namespaces/staging/configmaps',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"a":"${'x'.repeat(2_000_000)}"}` },
        413,
        'RequestEntityTooLarge',
      ],
    ])('refuses %s with a Status that names its session', async (_, path, given, code, reason) => {
      const status = statusOf(await call(path, given));
      expect(status).toMatchObject({ code, reason });
      expect(sessionIn(status.message)).not.toBe('');
    });

    test('is 401 without a token and 404 to who is not told of it, alike for what is not there', async () => {
      expect(statusOf(await call('/api', {}, 'nothing')).code).toBe(401);
      const other = await get().stack.tokenFor('other-agent');
      const { secureUrl, caFile } = get().stack;
      const foreign = await call('/api/v1/pods', {}, other);
      const headers = { authorization: `Bearer ${other}`, accept: 'application/json, */*' };
      const none = await overTls(secureUrl, readCa(caFile), '/k8s/nowhere/api/v1/pods', { headers });
      const bare = (answer: HttpsAnswer) => answer.text.replaceAll(/ses_[a-z0-9]+/g, '');
      expect([foreign.status, bare(foreign)]).toEqual([none.status, bare(none)]);
    });
  });

  describe.skipIf(KUBECTL === undefined)('the real kubectl (skipped where it is not installed)', () => {
    let kubectl: Kubectl;
    const ok = async (...words: string[]): Promise<string> => {
      const run = await kubectl(words);
      expect(run, words.join(' ')).toMatchObject({ code: 0 });
      return run.out;
    };
    const manifest = (replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: staging, labels: { app: api } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec: { automountServiceAccountToken: false, containers: [{ name: api, image: registry.example.com/shop/api:1.0.0 }] }
`;
    beforeAll(() => {
      const { secureUrl, caFile } = get().stack;
      kubectl = kubectlWith(kubeconfigFor(`${secureUrl}/k8s/shop`, caFile, token, 'staging'));
    });

    test('reads: get, describe, logs, top, auth can-i, explain', async () => {
      expect(await ok('get', 'deployments', '-n', 'prod')).toMatch(/NAME\s+READY[^]*payments\s+2\/2/);
      expect(await ok('describe', 'deployment', 'web')).toContain('registry.example.com/shop/web:1.5.0-rc.1');
      expect(await ok('logs', 'deploy/web')).toContain('No container runs');
      expect(await ok('top', 'pods')).toMatch(/CPU\(cores\)/);
      expect(await ok('auth', 'can-i', 'delete', 'pods')).toBe('yes\n');
      expect(await ok('explain', 'deployment.spec.replicas')).toContain('How many pods');
    });

    test('changes staging: apply, diff, scale, rollout status, delete', async () => {
      expect((await kubectl(['apply', '-f', '-'], manifest(1))).out).toBe('deployment.apps/api created\n');
      const diff = await kubectl(['diff', '-f', '-'], manifest(3));
      expect([diff.code, diff.out]).toEqual([1, expect.stringMatching(/-\s+replicas: 1[^]*\+\s+replicas: 3/)]);
      expect(await ok('scale', 'deployment/api', '--replicas=2')).toContain('scaled');
      const rollout = await kubectl(['rollout', 'status', 'deployment/api', '--timeout=40s']);
      expect(rollout).toMatchObject({ code: 0, err: '' });
      expect(rollout.out).toContain('successfully rolled out');
      expect(await ok('delete', 'deployment', 'api')).toContain('deleted');
    });

    test('hears why not, and who is asked; the same command again has the answer of the approved run', async () => {
      const refused = await kubectl(['exec', 'deploy/web', '--', 'ls']);
      expect(refused.err).toContain('no-commands-in-containers: ');
      const asked = await kubectl(['delete', 'deployment', 'web', '-n', 'prod']);
      expect(asked.code).toBe(1);
      expect(asked.err).toContain('Error from server (ApprovalRequired): This needs approval');
      await approve(sessionIn(asked.err));
      expect(await ok('delete', 'deployment', 'web', '-n', 'prod')).toContain('deployment.apps "web" deleted');
      expect((await kubectl(['delete', 'deployment', 'web', '-n', 'prod'])).err).toContain('ApprovalRequired');
    });

    test('takes the kubeconfig that the command writes, with its credential plugin', async () => {
      const { stack } = get();
      const written = await cli('kubeconfig', 'shop', '--namespace', 'prod', '--state', stack.state);
      expect(written).toMatchObject({ code: 0, err: '' });
      const run = await kubectlWith(written.out)(['get', 'configmap', 'settings', '-o', 'jsonpath={.data.currency}']);
      expect(run).toMatchObject({ code: 0, out: 'EUR' });
    });
  });
}

const readCa = (file: string): string => readFileSync(file, 'utf8');
