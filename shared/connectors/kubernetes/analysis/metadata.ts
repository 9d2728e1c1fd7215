import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isObject } from '../body/fragments.ts';
import type { BodyForm } from '../body/read.ts';
import type { GivenAttributes } from './vocabulary.ts';

/** What of a body's metadata decides whether something lives: what holds its deletion back, and whom it dies with. */
export function metadataAttributes(parts: readonly JsonObject[], form: BodyForm, replaces: boolean): GivenAttributes {
  const names = (member: string): boolean => parts.some(({ metadata }) => isObject(metadata) && member in metadata);
  // What replaces the whole object takes away what it does not mention.
  const whole = replaces && form === 'object';
  return { finalizers: whole || names('finalizers'), owners: whole || names('ownerReferences') };
}

/** A patch or an apply that speaks of finalizers, or a new object that brings some. */
export const namesFinalizers = (parts: readonly JsonObject[]): boolean =>
  parts.some(({ metadata }) => isObject(metadata) && 'finalizers' in metadata);

/** The replicas that a body asks for; `undefined` when it says nothing of them. */
export function replicasIn(parts: readonly JsonObject[]): JsonValue | undefined {
  for (const { spec } of parts) if (isObject(spec) && 'replicas' in spec) return spec['replicas'];
  return undefined;
}

/** Secrets that Kubernetes fills with a token, or that let a node join. */
export function mintsToken(parts: readonly JsonObject[]): boolean {
  return parts.some(
    ({ type }) => type === 'kubernetes.io/service-account-token' || type === 'bootstrap.kubernetes.io/token',
  );
}
