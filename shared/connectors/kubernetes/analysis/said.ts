import type { Matter } from './effects.ts';
import { metadataAttributes } from './metadata.ts';
import { podAttributes, WORST_POD } from './pods.ts';
import { rbacAttributes, WORST_RBAC } from './rbac.ts';
import { factsOf } from './resources.ts';
import type { GivenAttributes } from './vocabulary.ts';

/** What a body says, as far as it can be read; and what could not be read is taken for the worst. */
export interface Said {
  readonly attributes: GivenAttributes;
  readonly opaque: boolean;
  /** A container that reaches the node. */
  readonly host: boolean;
}

export function saidIn(matter: Matter): Said {
  const { request, body, parts, untold } = matter;
  const opaque = untold || body.kind === 'opaque';
  if (request.method === 'DELETE') return { attributes: { opaque }, opaque, host: false };
  const pods = podsIn(matter, opaque);
  const metadata =
    body.kind === 'document'
      ? metadataAttributes(parts, body.form, request.verb === 'update')
      : { finalizers: opaque, owners: opaque };
  return {
    attributes: { ...pods.attributes, ...rulesIn(matter, opaque), ...metadata, opaque },
    opaque,
    host: pods.host,
  };
}

function rulesIn({ request, parts }: Matter, opaque: boolean): GivenAttributes {
  if (factsOf(request.resource)?.consequence !== 'rbac') return {};
  return opaque ? WORST_RBAC : rbacAttributes(parts);
}

const NO_PODS = { host: false, attributes: {} };

/** Patches that leave what they do not mention. */
const PARTLY = new Set<string>(['merge-patch', 'strategic-patch']);

function podsIn(
  { request, body, parts, registries }: Matter,
  opaque: boolean,
): { host: boolean; attributes: GivenAttributes } {
  const facts = factsOf(request.resource);
  const partly = body.kind === 'document' && PARTLY.has(body.form);
  if (request.subresource !== '' && request.subresource !== 'ephemeralcontainers') return NO_PODS;
  // Of a custom resource nobody knows whether it becomes a pod.
  if (opaque && facts?.pods !== false) return { host: true, attributes: WORST_POD };
  // A definition describes fields and has none; everything else that names one is taken at its word.
  return facts?.consequence === 'extend' ? NO_PODS : podAttributes(parts, registries, partly);
}
