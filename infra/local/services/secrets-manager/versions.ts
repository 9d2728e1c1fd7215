import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { Fault } from '../wire/aws-json.ts';
import { fault } from '../wire/aws-json.ts';
import type { Secret, SecretVersion } from './model.ts';

/**
 * Adds a version under its labels. A label moves from the version that had it; when AWSCURRENT moves, the version that
 * loses it becomes AWSPREVIOUS (Secrets Manager User Guide, "Secret versions"). The same id with the same value is a
 * retry and changes nothing; with another value it is refused.
 */
export function addVersion(secret: Secret, next: SecretVersion): Result<Secret, Fault> {
  const existing = secret.versions.find((one) => one.id === next.id);
  if (existing !== undefined) {
    const same = existing.string === next.string && existing.binary === next.binary;
    return same
      ? ok(secret)
      : fault('ResourceExistsException', `A resource with the ID ${next.id} exists with another value.`);
  }
  const replaced = secret.versions.find((one) => one.stages.includes('AWSCURRENT'));
  const moves = next.stages.includes('AWSCURRENT');
  const relabel = (one: SecretVersion): SecretVersion => {
    const stages = one.stages.filter((stage) => !next.stages.includes(stage) && !(moves && stage === 'AWSPREVIOUS'));
    return { ...one, stages: moves && one === replaced ? [...stages, 'AWSPREVIOUS'] : stages };
  };
  // Versions without a label are deprecated and go away on AWS too; the last few stay for who asks by id.
  const kept = secret.versions.map(relabel).slice(-maxVersions + 1);
  return ok({ ...secret, changed: next.created, versions: [...kept, next] });
}

/** AWS keeps up to 100 versions. */
const maxVersions = 100;

export function pick(secret: Secret, id: string | undefined, stage: string | undefined): Result<SecretVersion, Fault> {
  const label = stage ?? (id === undefined ? 'AWSCURRENT' : undefined);
  const found = secret.versions.find(
    (one) => (id === undefined || one.id === id) && (label === undefined || one.stages.includes(label)),
  );
  if (found !== undefined) return ok(found);
  const wanted = label === undefined ? `VersionId: ${id ?? ''}` : `staging label: ${label}`;
  return fault('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${wanted}`);
}
