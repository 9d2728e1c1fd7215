import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isObject } from '../body/fragments.ts';
import type { BodyForm } from '../body/read.ts';
import type { GivenAttributes } from './vocabulary.ts';

/** What of a body's metadata decides whether something lives: what holds its deletion back, and whom it dies with. */
export function metadataAttributes(parts: readonly JsonObject[], form: BodyForm, replaces: boolean): GivenAttributes {
  // What replaces the whole object takes away what it does not mention.
  const whole = replaces && form === 'object';
  return { finalizers: whole || names(parts, 'finalizers'), owners: whole || names(parts, 'ownerReferences') };
}

/** A patch or an apply that speaks of finalizers, or that takes away what it does not mention; or a new object that brings some. */
export const namesFinalizers = (parts: readonly JsonObject[]): boolean => names(parts, 'finalizers');

/** Directives of a strategic merge patch that leave only what the patch itself says. */
const TAKES_REST = ['$patch', '$retainKeys'];

/** By its name, or by a directive for it such as `$deleteFromPrimitiveList/finalizers`; or with everything around it. */
function names(parts: readonly JsonObject[], member: string): boolean {
  return parts.some((part) => {
    const { metadata } = part;
    if (metadata === null || takesRest(part)) return true;
    return (
      isObject(metadata) &&
      (takesRest(metadata) || Object.keys(metadata).some((name) => name === member || name.endsWith(`/${member}`)))
    );
  });
}

const takesRest = (part: JsonObject): boolean => TAKES_REST.some((directive) => directive in part);

/** Every number of replicas that a body asks for, in order; empty when it says nothing of them. */
export const replicasIn = (parts: readonly JsonObject[]): readonly (JsonValue | undefined)[] =>
  parts.flatMap(({ spec }) => (isObject(spec) && 'replicas' in spec ? [spec['replicas']] : []));

/** Secrets that Kubernetes fills with a token, or that let a node join. */
export function mintsToken(parts: readonly JsonObject[]): boolean {
  return parts.some(
    ({ type }) => type === 'kubernetes.io/service-account-token' || type === 'bootstrap.kubernetes.io/token',
  );
}

/** Annotations of a service account that make its pods somebody at a cloud (guides of EKS, GKE and AKS on workload identity). */
const CLOUD_IDENTITY = /^(eks\.amazonaws\.com|iam\.gke\.io|azure\.workload\.identity)\//;

export const givesCloudIdentity = (parts: readonly JsonObject[]): boolean =>
  parts.some(({ metadata }) => {
    const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
    return isObject(annotations) && Object.keys(annotations).some((name) => CLOUD_IDENTITY.test(name));
  });
