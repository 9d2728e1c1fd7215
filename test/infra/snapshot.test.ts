import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { deploymentSchema } from '../../infra/deployment/settings.ts';
import { bundle } from './bundle-fixture.ts';
import { synthesiseAll } from './template.ts';

/**
 * The templates as they were reviewed. A change of infrastructure shows here line by line; read it, then accept it with
 * `npm test -- test/infra/snapshot.test.ts -u`. Hashes of code and of configuration are left out: they change with every commit.
 */
const readable = (template: object): string =>
  stringify(template, { lineWidth: 0, aliasDuplicateObjects: false }).replaceAll(/[0-9a-f]{64}/g, 'HASH');

describe('the reviewed snapshot', () => {
  const { gateway, configuration, sample } = synthesiseAll(
    bundle,
    deploymentSchema.parse({ version: 1, sample: true }),
  );
  it.each(Object.entries({ gateway, configuration, sample }))('is what is synthesised: %s', async (name, template) => {
    const file = join(import.meta.dirname, 'snapshot', `${name}.yaml`);
    await expect(readable(template?.toJSON() ?? {})).toMatchFileSnapshot(file);
  });

  it('holds no hash of code, no account, no path of a machine and no credential', () => {
    const text = readable({
      gateway: gateway.toJSON(),
      configuration: configuration.toJSON(),
      sample: sample?.toJSON(),
    });
    expect(text).not.toMatch(/[0-9a-f]{64}|\/home\/|\/work\/|\/tmp\/|xox[abp]-|AKIA/);
  });
});
