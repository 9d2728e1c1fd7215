import type { JsonValue } from '../../../platform/json-value.ts';
import { isObject } from '../body/fragments.ts';

/** The image that a field names: `image: nginx` of a container, `image: {reference: …}` of a volume. */
export function imageFrom(name: string, member: JsonValue): string | undefined {
  if (name !== 'image') return undefined;
  if (typeof member === 'string') return member;
  const reference = isObject(member) ? member['reference'] : undefined;
  return typeof reference === 'string' ? reference : undefined;
}

/** Whether an image comes from one of these registries, or from a path below one. */
export function isKnown(image: string, registries: readonly string[]): boolean {
  const repository = repositoryOf(image);
  return registries.some((registry) => repository.startsWith(`${registry}/`));
}

/**
 * `nginx` is `docker.io/library/nginx`, `team/app` is `docker.io/team/app`: the first part is a registry only if it looks like
 * a host (distribution/reference, `splitDockerDomain`).
 */
function repositoryOf(image: string): string {
  const slash = image.indexOf('/');
  const first = slash === -1 ? '' : image.slice(0, slash);
  const isHost = /[.:]/.test(first) || first !== first.toLowerCase();
  if (isHost) return `${first.toLowerCase()}${image.slice(slash)}`;
  return slash === -1 ? `docker.io/library/${image}` : `docker.io/${image}`;
}
