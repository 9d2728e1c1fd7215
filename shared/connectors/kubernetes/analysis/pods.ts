import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isList, isObject } from '../body/fragments.ts';
import type { BodyForm } from '../body/read.ts';
import { accountsIn } from './accounts.ts';
import { imageFrom, isKnown } from './images.ts';
import { letsGo } from './restraints.ts';
import type { GivenAttributes } from './vocabulary.ts';
import { eachMember } from './walk.ts';

type Flag =
  | 'privileged'
  | 'hostNamespaces'
  | 'hostPath'
  | 'hostPort'
  | 'addsCapabilities'
  | 'runsAsRoot'
  | 'allowsEscalation'
  | 'unmaskedProc'
  | 'mountsToken'
  | 'usesSecrets'
  | 'weakens';

interface PodFacts {
  readonly flags: ReadonlySet<Flag>;
  readonly images: readonly string[];
  /** In order of their names; one, but in a custom resource that makes several pods. */
  readonly accounts: readonly string[];
  /** A template whose pods are set onto a node by name. */
  readonly pinned: boolean;
  /** A capability that reaches beyond the container. */
  readonly strongCapability: boolean;
  /** A whole list of containers, or a place that is replaced: what is not said takes its default. */
  readonly whole: boolean;
  /** The body says no to the token, which is mounted otherwise. */
  readonly tokenRefused: boolean;
}

/** Lets a container listen below port 1024, and nothing else; any other opens something of the node or of its neighbours. */
const HARMLESS_CAPABILITY = 'NET_BIND_SERVICE';

/**
 * What the pods of a body are. Read by the names of fields, wherever they stand: that finds them in a Pod, in every kind that
 * has a template, in a custom resource that has one, and in a patch that says a part, without knowing any schema. It may
 * find too much (a custom resource with a field `privileged: true` of its own), never too little.
 */
export function podAttributes(
  parts: readonly JsonObject[],
  known: readonly string[],
  form: BodyForm | undefined,
): { attributes: GivenAttributes; host: boolean; pinned: boolean } {
  const { flags, images, accounts, strongCapability, whole, tokenRefused, pinned } = podFacts(parts, form);
  const token = flags.has('mountsToken') || (whole && !tokenRefused);
  const host = ['privileged', 'hostNamespaces', 'hostPath', 'unmaskedProc'] as const;
  return {
    attributes: {
      ...Object.fromEntries([...flags].map((flag) => [flag, true])),
      ...(token ? { mountsToken: true } : {}),
      ...(images.length === 0
        ? {}
        : {
            images: images.slice(0, MAX_IMAGES),
            // Of all of them, listed or not.
            unknownRegistry: images.some((image) => !isKnown(image, known)),
          }),
      ...(accounts.length === 0 ? {} : { serviceAccount: accounts.join(',') }),
    },
    host: strongCapability || host.some((flag) => flags.has(flag)),
    pinned,
  };
}

/** Of a body that cannot be read: all of it. */
export const WORST_POD: GivenAttributes = {
  privileged: true,
  hostNamespaces: true,
  hostPath: true,
  hostPort: true,
  addsCapabilities: true,
  runsAsRoot: true,
  allowsEscalation: true,
  unmaskedProc: true,
  mountsToken: true,
  unknownRegistry: true,
  usesSecrets: true,
  weakens: true,
};

/** Images that are listed; policies ask whether all are known, people look at the body. */
const MAX_IMAGES = 50;

function podFacts(parts: readonly JsonObject[], form: BodyForm | undefined): PodFacts {
  const flags = new Set<Flag>();
  const images = new Set<string>();
  const found = { strongCapability: false, whole: false, tokenRefused: false, pinned: false };
  const patch = form !== undefined && form !== 'object' && form !== 'apply';
  for (const part of parts) {
    eachMember(part, (name, member, above) => {
      for (const flag of RULES.get(name)?.(member, above) ?? []) flags.add(flag);
      if (letsGo(name, member, above, patch)) flags.add('weakens');
      const image = imageFrom(name, member);
      if (image !== undefined) images.add(image);
      if (isWhole(name, member, above, form)) found.whole = true;
      if (addsStrong(name, member, above)) found.strongCapability = true;
      if (isPinned(name, member, above)) found.pinned = true;
      if (name === 'automountServiceAccountToken' && member === false) found.tokenRefused = true;
    });
  }
  return { flags, images: [...images], accounts: accountsIn(parts), ...found };
}

/** A merge that says nothing of the token leaves it as it was; whatever replaces or owns the whole brings the default back. */
function isWhole(name: string, member: JsonValue, above: readonly string[], form: BodyForm | undefined): boolean {
  if (name === 'containers') return Array.isArray(member) && form !== 'merge-patch' && form !== 'strategic-patch';
  return name === '$patch' && member === 'replace' && ['spec', 'template', undefined].includes(above.at(-1));
}

export const isSaid = (member: JsonValue | undefined): boolean => typeof member === 'string' && member !== '';

const isPinned = (name: string, member: JsonValue, above: readonly string[]): boolean =>
  name === 'nodeName' && above.includes('template') && isSaid(member);

/** What is no list is a place in one that cannot be read. */
function addsStrong(name: string, member: JsonValue, above: readonly string[]): boolean {
  if (name !== 'add' || above.at(-1) !== 'capabilities') return false;
  return isList(member) ? member.some((capability) => capability !== HARMLESS_CAPABILITY) : isObject(member);
}

const when = (holds: boolean, ...flags: Flag[]): Flag[] => (holds ? flags : []);

/** Fields of PodSpec, Container, their security contexts and volumes (Kubernetes API reference, core/v1). */
const RULES: ReadonlyMap<string, (member: JsonValue, above: readonly string[]) => Flag[]> = new Map<
  string,
  (member: JsonValue, above: readonly string[]) => Flag[]
>([
  ['privileged', (member) => when(member === true, 'privileged')],
  // Windows: a container that is a process of the node.
  ['hostProcess', (member) => when(member === true, 'privileged')],
  ['hostNetwork', (member) => when(member === true, 'hostNamespaces')],
  ['hostPID', (member) => when(member === true, 'hostNamespaces')],
  ['hostIPC', (member) => when(member === true, 'hostNamespaces')],
  ['hostPath', (member) => when(isObject(member), 'hostPath')],
  // Volumes that a program on the node makes: git there runs hooks of the repository (CVE-2024-10220), a driver what it likes.
  ['gitRepo', (member) => when(isObject(member), 'hostPath')],
  ['flexVolume', (member) => when(isObject(member), 'hostPath')],
  ['hostPort', (member) => when(typeof member === 'number' && member !== 0, 'hostPort')],
  [
    'add',
    (member, above) =>
      when(above.at(-1) === 'capabilities' && Array.isArray(member) && member.length > 0, 'addsCapabilities'),
  ],
  ['runAsUser', (member) => when(member === 0, 'runsAsRoot')],
  ['runAsNonRoot', (member) => when(member === false, 'runsAsRoot')],
  ['procMount', (member) => when(typeof member === 'string' && member !== 'Default', 'unmaskedProc')],
  ['allowPrivilegeEscalation', (member) => when(member === true, 'allowsEscalation')],
  // Taking the field away brings the default back, which mounts it.
  ['automountServiceAccountToken', (member) => when(member === true || member === null, 'mountsToken')],
  ['serviceAccountToken', (member) => when(isObject(member), 'mountsToken')],
  ['secretKeyRef', (member) => when(isObject(member), 'usesSecrets')],
  ['secretRef', (member) => when(isObject(member), 'usesSecrets')],
  ['secret', (member) => when(isObject(member), 'usesSecrets')],
]);
