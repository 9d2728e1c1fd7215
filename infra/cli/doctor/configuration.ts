import { cedarPolicies } from '../../../shared/aws/cedar-policies.ts';
import { createObjectStore } from '../../../shared/aws/object-store.ts';
import { s3Client } from '../../../shared/aws/clients.ts';
import { openBundle } from '../../../shared/config/deployed-bundle.ts';
import type { Bundle } from '../../../shared/contracts/config/bundle.ts';
import { formatFault } from '../../../shared/contracts/config/fault.ts';
import { err, ok, type Result } from '../../../shared/platform/result.ts';
import { BUNDLE_KEY } from '../../bundle-key.ts';
import { about, type Finding } from './finding.ts';

interface Found {
  readonly finding: Finding;
  readonly bundle: Bundle;
}

/** The configuration as it is deployed: whole, valid, and policies that hold together. The rest is checked by what it says. */
export async function checkConfiguration(bucket: string): Promise<Result<Found, Finding>> {
  const say = about('configuration');
  const read = await createObjectStore({ client: s3Client(), name: bucket }).read(BUNDLE_KEY);
  if (!read.ok)
    return err(say.unknown({ says: read.error.message, remedy: `it takes s3:GetObject on ${bucket}, and its key` }));
  const remedy = 'npm run deploy -- --config DIR --policies-only';
  if (read.value === undefined) return err(say.wrong({ says: 'there is none', remedy }));
  const opened = openBundle(Buffer.from(read.value).toString('utf8'));
  if (!opened.ok) return err(say.wrong({ says: opened.error.map(formatFault).join('; '), remedy }));
  const { bundle, sha256 } = opened.value;
  const engine = cedarPolicies(bundle);
  if (!engine.ok) return err(say.wrong({ says: engine.error.map(formatFault).join('; '), remedy }));
  return ok({
    bundle,
    finding: say.ok(`bundle ${sha256.slice(0, 16)}…, policy version ${engine.value.version.slice(0, 16)}…`),
  });
}
