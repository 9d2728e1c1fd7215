import * as z from 'zod';
import { bundleSchema } from '../contracts/config/bundle.ts';
import type { Bundle } from '../contracts/config/bundle.ts';
import { formatPath } from '../contracts/config/fault.ts';
import type { ConfigFault } from '../contracts/config/fault.ts';
import { canonicalJson, sha256Hex } from '../platform/canonical.ts';
import type { JsonValue } from '../platform/json-value.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import { checkReferences } from './check-references.ts';
import { explainIssues } from './explain-issue.ts';

/** What lies in the bucket: the bundle, and the SHA-256 of its canonical JSON (RFC 8785) as it was when it was checked. */
const deployedSchema = z.strictObject({
  version: z.literal(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bundle: z.json(),
});

export interface DeployedBundle {
  readonly sha256: string;
  readonly bundle: Bundle;
}

/** The bundle as it is deployed. An object that was cut off, merged or edited by hand no longer fits its hash. */
export function sealBundle(bundle: Bundle): { readonly sha256: string; readonly text: string } {
  const sha256 = hashOf(z.json().parse(JSON.parse(JSON.stringify(bundle))));
  return { sha256, text: JSON.stringify({ version: 1, sha256, bundle }) };
}

/** The deployed form, checked again whoever put it there: its hash, every schema, every reference. */
export function openBundle(json: string): Result<DeployedBundle, ConfigFault[]> {
  const value = parseJson(json);
  if (!value.ok) return faulty('', 'this is not JSON', AGAIN);
  const sealed = deployedSchema.safeParse(value.value);
  if (!sealed.success) return faulty('', 'this is not a deployed configuration', AGAIN);
  if (hashOf(sealed.data.bundle) !== sealed.data.sha256)
    return faulty('sha256', 'the configuration is not the one that was checked when it was deployed', AGAIN);
  const parsed = bundleSchema.safeParse(sealed.data.bundle);
  if (!parsed.success)
    return err(
      explainIssues(parsed.error, bundleSchema).map(({ path, message, remedy }) =>
        fault(formatPath(path), message, remedy),
      ),
    );
  const references = checkReferences(parsed.data.gateway);
  if (references.length > 0)
    return err(references.map(({ path, message, remedy }) => fault(formatPath(['gateway', ...path]), message, remedy)));
  return ok({ sha256: sealed.data.sha256, bundle: parsed.data });
}

const AGAIN = 'deploy the configuration again';
const hashOf = (bundle: JsonValue): string => sha256Hex(canonicalJson(bundle));
const fault = (path: string, message: string, remedy: string): ConfigFault => ({
  file: 'bundle.json',
  path,
  message,
  remedy,
});
const faulty = (path: string, message: string, remedy: string): Result<never, ConfigFault[]> =>
  err([fault(path, message, remedy)]);

function parseJson(json: string): Result<unknown, 'not JSON'> {
  try {
    return ok(JSON.parse(json));
  } catch {
    return err('not JSON');
  }
}
