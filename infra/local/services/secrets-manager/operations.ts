import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../../shared/platform/clock.ts';
import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { Fault, Operations } from '../wire/aws-json.ts';
import { fault } from '../wire/aws-json.ts';
import type { Secret, SecretVersion } from './model.ts';
import { createInput, describeInput, getInput, listInput, putInput } from './model.ts';
import type { SecretStore } from './store.ts';
import { newArn } from './store.ts';
import { addVersion, pick } from './versions.ts';

/** What there is. Not here, and refused by name: rotation, deletion, replication, resource policies, tags, filters. */
export function operations(store: SecretStore, clock: Clock): Operations {
  const now = (): number => clock().getTime() / 1000;
  return {
    CreateSecret: (input) => checked(createInput, input, (asked) => create(store, asked, now())),
    PutSecretValue: (input) => checked(putInput, input, (asked) => put(store, asked, now())),
    GetSecretValue: (input) => checked(getInput, input, (asked) => get(store, asked)),
    DescribeSecret: (input) => checked(describeInput, input, ({ SecretId }) => onSecret(store, SecretId, describe)),
    ListSecrets: (input) => checked(listInput, input, (asked) => list(store, asked)),
  };
}

function checked<T>(
  shape: z.ZodType<T>,
  input: JsonObject,
  work: (asked: T) => Result<JsonObject, Fault>,
): Result<JsonObject, Fault> {
  const parsed = shape.safeParse(input);
  // The input may hold a secret: the message names members, never values.
  return parsed.success ? work(parsed.data) : fault('InvalidParameterException', z.prettifyError(parsed.error));
}

function onSecret(
  store: SecretStore,
  id: string,
  work: (secret: Secret) => Result<JsonObject, Fault>,
): Result<JsonObject, Fault> {
  const secret = store.find(id);
  if (secret !== undefined) return work(secret);
  return fault('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function versionOf(
  asked: {
    SecretString?: string | undefined;
    SecretBinary?: string | undefined;
    ClientRequestToken?: string | undefined;
  },
  stages: string[],
  now: number,
): SecretVersion | undefined {
  if ((asked.SecretString === undefined) === (asked.SecretBinary === undefined)) return undefined;
  const id = asked.ClientRequestToken ?? randomUUID();
  const { SecretString: string, SecretBinary: binary } = asked;
  return { id, created: now, stages, ...(string !== undefined && { string }), ...(binary !== undefined && { binary }) };
}

function create(store: SecretStore, asked: z.output<typeof createInput>, now: number): Result<JsonObject, Fault> {
  const version = versionOf(asked, ['AWSCURRENT'], now);
  if (version === undefined && (asked.SecretString ?? asked.SecretBinary) !== undefined) return oneValue;
  const existing = store.find(asked.Name);
  if (existing !== undefined) return createAgain(existing, version);
  const secret: Secret = {
    name: asked.Name,
    arn: newArn(asked.Name),
    ...(asked.Description !== undefined && { description: asked.Description }),
    created: now,
    changed: now,
    versions: version === undefined ? [] : [version],
  };
  store.save(secret);
  return ok(named(secret, version?.id));
}

/** A retried create answers as the first one did; a second one does not overwrite. */
function createAgain(existing: Secret, version: SecretVersion | undefined): Result<JsonObject, Fault> {
  const again = existing.versions.find((one) => one.id === version?.id);
  if (again !== undefined && again.string === version?.string && again.binary === version?.binary)
    return ok(named(existing, again.id));
  return fault('ResourceExistsException', `The operation failed because the secret ${existing.name} already exists.`);
}

function put(store: SecretStore, asked: z.output<typeof putInput>, now: number): Result<JsonObject, Fault> {
  const version = versionOf(asked, asked.VersionStages ?? ['AWSCURRENT'], now);
  if (version === undefined) return oneValue;
  return onSecret(store, asked.SecretId, (secret) => {
    const next = addVersion(secret, version);
    if (!next.ok) return next;
    if (next.value !== secret) store.save(next.value);
    const stages = next.value.versions.find((one) => one.id === version.id)?.stages ?? [];
    return ok({ ...named(secret, version.id), VersionStages: stages });
  });
}

function get(store: SecretStore, asked: z.output<typeof getInput>): Result<JsonObject, Fault> {
  return onSecret(store, asked.SecretId, (secret) => {
    const found = pick(secret, asked.VersionId, asked.VersionStage);
    if (!found.ok) return found;
    const { id, created, stages, string, binary } = found.value;
    const value = {
      ...(string !== undefined && { SecretString: string }),
      ...(binary !== undefined && { SecretBinary: binary }),
    };
    return ok({ ...named(secret, id), ...value, VersionStages: stages, CreatedDate: created });
  });
}

function describe(secret: Secret): Result<JsonObject, Fault> {
  const stages = Object.fromEntries(
    secret.versions.filter((one) => one.stages.length > 0).map((one) => [one.id, one.stages]),
  );
  return ok({ ...summary(secret), VersionIdsToStages: stages });
}

function list(store: SecretStore, asked: z.output<typeof listInput>): Result<JsonObject, Fault> {
  const sorted = store.all().sort((one, other) => one.created - other.created || (one.name < other.name ? -1 : 1));
  if (asked.SortOrder === 'desc') sorted.reverse();
  const from = asked.NextToken === undefined ? 0 : Number(asked.NextToken);
  if (!Number.isInteger(from) || from < 0)
    return fault('InvalidNextTokenException', 'NextToken is not one that ListSecrets gave.');
  const page = sorted.slice(from, from + asked.MaxResults);
  const more = from + page.length < sorted.length ? { NextToken: String(from + page.length) } : {};
  return ok({ SecretList: page.map(summary), ...more });
}

const named = (secret: Secret, id: string | undefined): JsonObject => ({
  ARN: secret.arn,
  Name: secret.name,
  ...(id !== undefined && { VersionId: id }),
});

const summary = (secret: Secret): JsonObject => ({
  ARN: secret.arn,
  Name: secret.name,
  ...(secret.description !== undefined && { Description: secret.description }),
  CreatedDate: secret.created,
  LastChangedDate: secret.changed,
});

const oneValue = fault(
  'InvalidParameterException',
  'You must provide either SecretString or SecretBinary, and not both.',
);
