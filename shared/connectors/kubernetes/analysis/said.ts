import type { Matter } from './effects.ts';
import { metadataAttributes } from './metadata.ts';
import { isObject } from '../body/fragments.ts';
import { isSaid, podAttributes, WORST_POD } from './pods.ts';
import { rbacAttributes, WORST_RBAC } from './rbac.ts';
import { factsOf } from './resources.ts';
import type { GivenAttributes } from './vocabulary.ts';

/** What a body says, as far as it can be read; and what could not be read is taken for the worst. */
export interface Said {
  readonly attributes: GivenAttributes;
  readonly opaque: boolean;
  /** A container that reaches the node. */
  readonly host: boolean;
  /** A pod that is put onto a node by name, without the scheduler. */
  readonly pinned: boolean;
}

export function saidIn(matter: Matter): Said {
  const { request, body, parts, untold } = matter;
  const opaque = untold || body.kind === 'opaque';
  if (request.method === 'DELETE') return { attributes: { opaque }, opaque, host: false, pinned: false };
  const pods = podsIn(matter, opaque);
  const metadata =
    body.kind === 'document'
      ? metadataAttributes(parts, body.form, request.verb === 'update')
      : { finalizers: opaque, owners: opaque };
  return {
    attributes: { ...pods.attributes, ...rulesIn(matter, opaque), ...metadata, opaque },
    opaque,
    host: pods.host,
    pinned: pods.pinned,
  };
}

function rulesIn({ request, parts }: Matter, opaque: boolean): GivenAttributes {
  if (factsOf(request.resource)?.consequence !== 'rbac') return {};
  return opaque ? WORST_RBAC : rbacAttributes(parts);
}

type Pods = ReturnType<typeof podAttributes>;

const NO_PODS: Pods = { host: false, pinned: false, attributes: {} };

function podsIn(matter: Matter, opaque: boolean): Pods {
  const { request, body, parts, registries } = matter;
  const facts = factsOf(request.resource);
  if (request.subresource !== '' && request.subresource !== 'ephemeralcontainers') return NO_PODS;
  // Of a custom resource nobody knows whether it becomes a pod. As good as the node is worse than put onto one.
  if (opaque && facts?.pods !== false) return { host: true, pinned: false, attributes: WORST_POD };
  // A definition describes fields and has none; everything else that names one is taken at its word.
  if (facts?.consequence === 'extend') return NO_PODS;
  const pods = podAttributes(parts, registries, body.kind === 'document' ? body.form : undefined);
  return { ...pods, pinned: pods.pinned || isPinned(matter) };
}

/** A pod that is there keeps its node, and says so in whatever is sent back of it. */
function isPinned({ request, body, parts }: Matter): boolean {
  const makes = request.verb === 'create' || (body.kind === 'document' && body.form === 'apply');
  return request.resource === 'pods' && makes && parts.some(({ spec }) => isObject(spec) && isSaid(spec['nodeName']));
}
