import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKubernetesApi } from '../../shared/aws/kubernetes/index.ts';
import type { Vault } from '../../shared/aws/kubernetes/vault.ts';
import { ok } from '../../shared/platform/result.ts';
import { createKubernetesConnector } from '../../shared/connectors/kubernetes/index.ts';
import type { KubernetesConnection } from '../../shared/contracts/config/connection.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';
import type { TargetOutcome } from '../../shared/domain/result-set.ts';
import { otherAuthority } from './support/authority.ts';

export interface Cluster {
  readonly connection: KubernetesConnection;
  readonly vault: Vault;
  close(): Promise<void>;
}

const LIMITS = { maxRows: 100, timeoutSeconds: 10 };

/** What the connector needs of a Kubernetes API, whichever it is: everything happens in a namespace that it makes and deletes. */
export function kubernetesContract(name: string, open: () => Promise<Cluster>): void {
  describe(`Kubernetes, ${name}`, () => {
    let cluster: Cluster;
    const namespace = `countersign-${Date.now().toString(36)}`;
    const space = `/api/v1/namespaces/${namespace}`;
    const apps = `/apis/apps/v1/namespaces/${namespace}`;

    const connectorOf = () =>
      createKubernetesConnector(
        createKubernetesApi({ vault: cluster.vault, eksToken: () => Promise.reject(new Error('none')) }),
      );
    async function ask(
      text: string,
      body?: JsonValue,
      more: { limits?: typeof LIMITS & { rowsMax?: number }; connection?: KubernetesConnection } = {},
    ): Promise<TargetOutcome> {
      const statement = body === undefined ? { text } : { text, body };
      const connection = more.connection ?? cluster.connection;
      const analysis = await connectorOf().analyze(statement, undefined, connection);
      if (!analysis.ok) throw new Error(analysis.error.message);
      return connectorOf().execute(statement, connection, analysis.value.effects, more.limits ?? LIMITS);
    }
    async function preview(text: string, body?: JsonValue) {
      const statement = body === undefined ? { text } : { text, body };
      const analysis = await connectorOf().analyze(statement, undefined, cluster.connection);
      if (!analysis.ok) throw new Error(analysis.error.message);
      return connectorOf().preview(statement, cluster.connection, analysis.value.effects, undefined);
    }
    const answer = (outcome: TargetOutcome): JsonValue => {
      if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
      return outcome.result.rows[0]?.[0] ?? null;
    };
    const configmap = (called: string, data: Record<string, string> = {}): JsonValue => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: called },
      data,
    });
    const deployment: JsonValue = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'registry.example.com/web:1' }] },
        },
      },
    };

    beforeAll(async () => {
      cluster = await open();
      answer(
        await ask('POST /api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
      );
    });
    afterAll(async () => {
      await ask(`DELETE /api/v1/namespaces/${namespace}`);
      await cluster.close();
    });

    test('tells the kinds that it serves, each by the path of its requests', async () => {
      const connector = connectorOf();
      const catalogue = await connector.catalogue(cluster.connection);
      if (!catalogue.ok) throw new Error(catalogue.error.message);
      const kinds = connector.objects?.(catalogue.value) ?? [];
      expect(kinds.filter(({ kind }) => ['Deployment', 'Pod', 'Namespace'].includes(kind))).toEqual(
        expect.arrayContaining([
          {
            kind: 'Deployment',
            name: '/apis/apps/v1/namespaces/{namespace}/deployments',
            columns: [],
            read: { text: 'GET /apis/apps/v1/deployments' },
          },
          { kind: 'Namespace', name: '/api/v1/namespaces', columns: [], read: { text: 'GET /api/v1/namespaces' } },
        ]),
      );
      expect(kinds.map(({ name }) => name).filter((name) => /\/(status|log|exec|scale)$/.test(name))).toEqual([]);
    });

    test('says its version, and what it has', async () => {
      expect(answer(await ask('GET /version'))).toHaveProperty('gitVersion');
      expect(answer(await ask('GET /api/v1'))).toMatchObject({ kind: 'APIResourceList' });
    });

    test('creates, reads, patches and deletes; a second create is told apart', async () => {
      expect(answer(await ask(`POST ${space}/configmaps`, configmap('one', { a: '1' })))).toMatchObject({
        kind: 'ConfigMap',
      });
      expect(await ask(`POST ${space}/configmaps`, configmap('one'))).toMatchObject({
        kind: 'refused',
        code: 'AlreadyExists',
      });
      const merge = `PATCH ${space}/configmaps/one\nContent-Type: application/merge-patch+json`;
      expect(answer(await ask(merge, { data: { b: '2' } }))).toMatchObject({ data: { a: '1', b: '2' } });
      expect(answer(await ask(`DELETE ${space}/configmaps/one`))).toBeTypeOf('object');
      expect(await ask(`GET ${space}/configmaps/one`)).toMatchObject({ kind: 'refused', code: 'NotFound' });
    });

    test('applies on the server, in YAML as well, and keeps nothing of a dry run', async () => {
      const text = `PATCH ${space}/configmaps/applied?fieldManager=contract&dryRun=All\nContent-Type: application/apply-patch+yaml`;
      const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: applied\ndata:\n  a: "1"\n';
      expect(answer(await ask(text, manifest))).toMatchObject({ data: { a: '1' } });
      expect(await ask(`GET ${space}/configmaps/applied`)).toMatchObject({ kind: 'refused', code: 'NotFound' });
      expect(answer(await ask(text.replace('&dryRun=All', ''), manifest))).toMatchObject({ data: { a: '1' } });
    });

    test('lists in pages, as tables, and no more than is kept of an answer', async () => {
      for (const called of ['p1', 'p2', 'p3']) answer(await ask(`POST ${space}/configmaps`, configmap(called)));
      const page = await ask(`GET ${space}/configmaps?limit=2`);
      expect(page).toMatchObject({
        kind: 'done',
        result: { rowCount: 2, truncated: false, columns: [{ type: 'list' }] },
      });
      expect(await ask(`GET ${space}/configmaps`, undefined, { limits: { ...LIMITS, maxRows: 1 } })).toMatchObject({
        result: { rowCount: 1, truncated: true },
      });
      const table = await ask(`GET ${space}/configmaps\nAccept: application/json;as=Table;v=v1;g=meta.k8s.io`);
      expect(table).toMatchObject({ result: { columns: [{ type: 'table' }] } });
      expect(answer(table)).toMatchObject({ kind: 'Table' });
    });

    test('says of an invalid object which field, and no value', async () => {
      const outcome = await ask(`POST ${apps}/deployments`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'x' },
        spec: { replicas: -1, selector: { matchLabels: { a: 'b' } }, template: {} },
      });
      expect(outcome.kind).toBe('refused');
      expect(JSON.stringify(outcome)).not.toContain('-1');
    });

    test.each([
      `GET ${space}/configmaps?watch=true`,
      `GET ${space}/pods/web/exec?command=id`,
      `POST ${space}/pods/web/portforward`,
      `GET ${space}/services/web/proxy/x`,
      `GET ${space}/pods/web/log?follow=true`,
    ])('does not carry %s', async (text) => {
      expect(await ask(text)).toMatchObject({ kind: 'refused', code: 'not_carried' });
    });

    test('a preview measures without keeping: what would be made, what would change, what would go', async () => {
      expect(await preview(`POST ${apps}/deployments`, deployment)).toMatchObject({
        rows: { basis: 'counted', rows: 1 },
      });
      expect(await ask(`GET ${apps}/deployments/web`)).toMatchObject({ kind: 'refused', code: 'NotFound' });
      answer(await ask(`POST ${apps}/deployments`, deployment));
      const scale = await preview(`PATCH ${apps}/deployments/web\nContent-Type: application/merge-patch+json`, {
        spec: { replicas: 5 },
      });
      expect(scale.sample?.result.rows).toContainEqual(['/spec/replicas', 2, 5]);
      expect(answer(await ask(`GET ${apps}/deployments/web`))).toMatchObject({ spec: { replicas: 2 } });
      const gone = await preview(`DELETE ${apps}/deployments/web`);
      expect(gone.rows.basis).toBe('counted');
      expect(JSON.stringify(gone.rows)).toContain('1 Deployment');
      expect(gone.unbindable).toBeDefined();
      const all = await preview(`DELETE /api/v1/namespaces/${namespace}`);
      expect(all.rows.basis).toBe('counted');
      expect(JSON.stringify(all.rows)).toContain('1 Deployment');
      const some = await preview(`DELETE ${space}/configmaps`);
      expect(some.rows.basis).toBe('counted');
    });

    test('a change of one object keeps to an approval for one, and a deletion to none', async () => {
      const limits = { ...LIMITS, rowsMax: 1 };
      expect((await ask(`POST ${space}/configmaps`, configmap('bound'), { limits })).kind).toBe('done');
      expect(await ask(`DELETE ${space}/configmaps/bound`, undefined, { limits })).toMatchObject({
        code: 'rows_not_counted',
      });
    });

    test('an answer larger than is read is a refusal of a read, and unknown for a change', async () => {
      const connection = { ...cluster.connection, responseBytes: 1_024 };
      expect(await ask('GET /api/v1', undefined, { connection })).toMatchObject({
        kind: 'refused',
        code: 'answer_not_read',
      });
      const large = configmap('large', { text: 'x'.repeat(2_000) });
      expect(await ask(`POST ${space}/configmaps`, large, { connection })).toMatchObject({ kind: 'unknown' });
    });

    test('another authority vouches for nothing, and a wrong token opens nothing', async () => {
      const connection = { ...cluster.connection, certificateAuthority: otherAuthority() };
      expect(await ask('GET /version', undefined, { connection })).toMatchObject({ kind: 'unavailable' });
      const stranger = createKubernetesApi({
        vault: { use: async (_arn, work) => ok(await work('not-a-token')) },
        eksToken: () => Promise.reject(new Error('none')),
      });
      const statement = { text: `DELETE ${space}/configmaps/none` };
      const outcome = await createKubernetesConnector(stranger).execute(statement, cluster.connection, [], LIMITS);
      expect(outcome).toMatchObject({ kind: 'unavailable' });
    });
  });
}
