import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { resultOf } from '../../shared/connectors/kubernetes/execute/answer.ts';
import { lineageOf } from '../../shared/connectors/kubernetes/lineage.ts';
import { maskingSchema } from '../../shared/contracts/config/masking.ts';
import { applyMasks } from '../../shared/masking/apply.ts';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { classifiedFields } from '../../shared/masking/document/fields.ts';
import { planMasks } from '../../shared/masking/plan.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const masking = maskingSchema.parse({ columns: [] });
const scanner = createScanner(masking.detectors);

function shown(text: string, answer: JsonValue): JsonValue | undefined {
  const plan = planMasks(lineageOf({ text }), {
    classify: () => undefined,
    mayReveal: () => false,
    strategyOf: () => ({ kind: 'redact' }),
    fieldsOf: ({ relation, fields }) => classifiedFields(masking, 'cluster', relation, fields),
  });
  return applyMasks(resultOf({ json: answer }, 100, true), plan, { scanner }).rows[0]?.[0];
}

/** Hexadecimal text that looks random and is the same in every run. */
const hex = (seed: string): string => createHash('sha256').update(seed).digest('hex');
const uid = (seed: string): string => hex(seed).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');

function metadata(seed: string, more: Readonly<Record<string, JsonValue>> = {}): Readonly<Record<string, JsonValue>> {
  return {
    name: `payments-${hex(seed).slice(0, 10)}`,
    generateName: 'payments-7d9c6b8f5d-',
    namespace: 'prod',
    uid: uid(seed),
    resourceVersion: String(Number.parseInt(hex(seed).slice(0, 8), 16)),
    generation: 41,
    creationTimestamp: '2026-11-29T06:14:20Z',
    labels: {
      'app.kubernetes.io/name': 'payments',
      'helm.sh/chart': 'payments-4.2.1',
      'pod-template-hash': '7d9c6b8f5d',
      'controller-uid': uid(`${seed}c`),
    },
    annotations: {
      'checksum/config': hex(`${seed}sum`),
      'deployment.kubernetes.io/revision': '12',
      'meta.helm.sh/release-name': 'payments',
      'kubectl.kubernetes.io/restartedAt': '2026-11-29T06:25:14+00:00',
      'kubernetes.io/config.hash': hex(seed).slice(0, 32),
    },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'payments-7d9c6b8f5d', uid: uid(`${seed}o`) }],
    managedFields: [
      {
        manager: 'kubectl-client-side-apply',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: '2026-11-29T06:14:20Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"api"}': { '.': {}, 'f:image': {} } } } },
      },
    ],
    ...more,
  };
}

const digest = (seed: string): string => `registry.example.com/shop/payments@sha256:${hex(seed)}`;
const pod = (seed: string): JsonValue => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata(seed),
  spec: {
    nodeName: 'ip-10-0-12-34.eu-west-1.compute.internal',
    serviceAccountName: 'payments',
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', tolerationSeconds: 300 }],
    containers: [
      {
        name: 'api',
        image: digest(seed),
        args: ['--listen=:8443', '--log-level=info', '--shutdown-timeout=30s'],
        env: [
          { name: 'DB_HOST', value: 'payments-db.prod.svc.cluster.local' },
          { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'payments', key: 'password' } } },
        ],
        resources: { limits: { cpu: '500m', memory: '536870912' } },
        livenessProbe: { httpGet: { path: '/healthz', port: 8443, scheme: 'HTTPS' }, periodSeconds: 10 },
        volumeMounts: [{ name: 'kube-api-access-x7k2p', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
      },
    ],
  },
  status: {
    phase: 'Running',
    startTime: '2026-11-29T06:14:20Z',
    containerStatuses: [{ containerID: `containerd://${hex(`${seed}id`)}`, imageID: digest(seed), ready: true }],
  },
});

const seeds = Array.from({ length: 40 }, (_, at) => `object ${String(at)}`);
const config = (seed: string): JsonValue => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: metadata(seed),
  data: {
    'nginx.conf': 'server {\n  listen 8080;\n  location / { proxy_pass http://payments.prod.svc:8080; }\n}\n',
    'application.yaml': 'spring:\n  datasource:\n    url: jdbc:postgresql://db.prod.svc:5432/payments\n    pool: 20\n',
    revision: hex(seed).slice(0, 40),
    build: `${hex(seed).slice(0, 7)}-1795932864`,
  },
});

describe('what is no secret comes through as it is, so that what is read can be written back', () => {
  test.each<[string, string, (seed: string) => JsonValue]>([
    ['pods', 'GET /api/v1/namespaces/prod/pods/payments', pod],
    [
      'deployments',
      'GET /apis/apps/v1/namespaces/prod/deployments/payments',
      (seed) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: metadata(seed),
        spec: { replicas: 3, template: pod(seed) },
      }),
    ],
    ['configmaps', 'GET /api/v1/namespaces/prod/configmaps/payments', config],
    [
      'services',
      'GET /api/v1/namespaces/prod/services/payments',
      (seed) => ({
        kind: 'Service',
        metadata: metadata(seed),
        spec: { clusterIP: '10.96.1.201', clusterIPs: ['10.96.1.201', 'fd00:10:96::1c9'], ports: [{ port: 443 }] },
      }),
    ],
    [
      'an applied copy',
      'GET /apis/apps/v1/namespaces/prod/deployments/payments',
      (seed) => ({
        kind: 'Deployment',
        metadata: metadata(seed, {
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(pod(seed))}\n` },
        }),
      }),
    ],
    [
      'events',
      'GET /api/v1/namespaces/prod/events/payments',
      (seed) => ({
        kind: 'Event',
        metadata: { ...metadata(seed), name: `payments.${hex(seed).slice(0, 16)}` },
        message: `Successfully pulled image "${digest(seed)}" in 2.331s (2.331s including waiting). Image size: 52428800 bytes.`,
      }),
    ],
  ])('%s', (_, text, make) => {
    for (const seed of seeds) expect(shown(text, make(seed))).toEqual(make(seed));
  });
});
