import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startS3 } from '../../infra/local/services/s3/server.ts';
import { cedarPolicies } from '../../shared/aws/cedar-policies.ts';
import { createRuntimeSource } from '../../shared/aws/runtime-source.ts';
import { sealBundle } from '../../shared/config/deployed-bundle.ts';
import type { RuntimeSource } from '../../shared/gateway/runtime.ts';
import { bundleOf, POLICIES } from '../gateway/world.ts';
import { embedded, type Endpoint } from '../local/endpoint.ts';
import { makeArchiveBucket } from '../support/deployed.ts';

const open = embedded((stateDir) => startS3({ stateDir }));
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the configuration in force', () => {
  let endpoint: Endpoint;
  let client: S3Client;
  let bucket: string;
  let now = Date.parse('2026-11-21T10:00:00.000Z');
  let key = 0;
  let source: RuntimeSource;
  const put = (text: string) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: `c${String(key)}`, Body: text }));
  const use = (...policies: string[]) => put(sealBundle(bundleOf([...POLICIES, ...policies])).text);
  const inForce = async (how: 'current' | 'fresh') => {
    const runtime = await source[how]();
    return runtime.ok ? runtime.value.bundle.policies[0]?.text.includes('@id("more")') : runtime.error.code;
  };
  const MORE = '@id("more") forbid (principal, action in Action::"destroy", resource);';

  beforeAll(async () => {
    endpoint = await open();
    ({ client, name: bucket } = await makeArchiveBucket(endpoint.settings));
  });
  afterAll(() => endpoint.close());
  beforeEach(() => {
    key += 1;
    source = createRuntimeSource(
      { client, bucket, key: `c${String(key)}`, maxAgeSeconds: 60 },
      () => new Date(now),
      quiet,
      cedarPolicies,
    );
  });

  test('is none where there is none, or one that does not hold together', async () => {
    expect(await inForce('current')).toBe('configuration_unavailable');
    for (const text of [
      '',
      '{',
      '{}',
      sealBundle({ ...bundleOf(), policies: [{ name: 'x.cedar', text: 'permit' }] }).text,
      // Whole, and changed after it was checked.
      sealBundle(bundleOf()).text.replace('permit', 'Permit'),
      JSON.stringify(bundleOf()),
    ]) {
      await put(text);
      expect(await inForce('current')).toBe('configuration_unavailable');
      expect(await inForce('fresh')).toBe('configuration_unavailable');
    }
  });

  test('is read again when it is older than its age, and at once where this moment matters', async () => {
    await use();
    expect(await inForce('current')).toBe(false);
    await use(MORE);
    now += 59_000;
    expect(await inForce('current')).toBe(false);
    expect(await inForce('fresh')).toBe(true);
    expect(await inForce('current')).toBe(true);
    await use();
    now += 60_000;
    expect(await inForce('current')).toBe(false);
  });

  test('stays the last good one for half an hour, and never for a vote or an approved run', async () => {
    await use();
    expect(await inForce('current')).toBe(false);
    await put('{ broken');
    now += 61_000;
    expect(await inForce('current')).toBe(false);
    expect(await inForce('fresh')).toBe('configuration_unavailable');
    now += 30 * 60_000;
    expect(await inForce('current')).toBe('configuration_unavailable');
    await use(MORE);
    expect(await inForce('current')).toBe(true);
  });

  test('is not built again while it is unchanged, and is read once by many who ask at once', async () => {
    await use();
    const [one, two] = await Promise.all([source.fresh(), source.fresh()]);
    now += 61_000;
    const later = await source.current();
    expect(one.ok && two.ok && later.ok && one.value === two.value && one.value === later.value).toBe(true);
  });
});
