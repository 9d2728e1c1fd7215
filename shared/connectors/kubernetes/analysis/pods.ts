import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import { isObject } from '../body/fragments.ts';
import { imageFrom, isKnown } from './images.ts';
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
  readonly serviceAccount: string;
  /** A capability that reaches beyond the container. */
  readonly strongCapability: boolean;
  /** A whole list of containers: what is not said takes its default. */
  readonly whole: boolean;
  /** The body says no to the token, which is mounted otherwise. */
  readonly tokenRefused: boolean;
}

/** Lets a container listen below port 1024, and nothing else; any other opens something of the node or of its neighbours. */
const HARMLESS_CAPABILITY = 'NET_BIND_SERVICE';

/** Fields that hold a container back. To take one away is to let go. */
const RESTRAINTS = new Set([
  ...['securityContext', 'runAsNonRoot', 'readOnlyRootFilesystem', 'capabilities', 'drop', 'seccompProfile'],
  ...['appArmorProfile', 'seLinuxOptions', 'automountServiceAccountToken', 'hostUsers'],
]);

/**
 * What the pods of a body are. Read by the names of fields, wherever they stand: that finds them in a Pod, in every kind that
 * has a template, in a custom resource that has one, and in a patch that says a part, without knowing any schema. It may
 * find too much (a custom resource with a field `privileged: true` of its own), never too little.
 */
export function podAttributes(
  parts: readonly JsonObject[],
  known: readonly string[],
  partly: boolean,
): { attributes: GivenAttributes; host: boolean } {
  const { flags, images, serviceAccount, strongCapability, whole, tokenRefused } = podFacts(parts);
  // A merge that says nothing of the token leaves it as it was; whatever replaces or owns the whole brings the default back.
  const token = flags.has('mountsToken') || (whole && !tokenRefused && !partly);
  const host = ['privileged', 'hostNamespaces', 'hostPath', 'unmaskedProc'] as const;
  return {
    attributes: {
      ...Object.fromEntries([...flags].map((flag) => [flag, true])),
      ...(token ? { mountsToken: true } : {}),
      ...(images.length === 0 ? {} : { images, unknownRegistry: images.some((image) => !isKnown(image, known)) }),
      ...(serviceAccount === '' ? {} : { serviceAccount }),
    },
    host: strongCapability || host.some((flag) => flags.has(flag)),
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

function podFacts(parts: readonly JsonObject[]): PodFacts {
  const flags = new Set<Flag>();
  const images = new Set<string>();
  const found = { serviceAccount: '', strongCapability: false, whole: false, tokenRefused: false };
  for (const part of parts) {
    eachMember(part, (name, member, above) => {
      for (const flag of flagsOf(name, member, above)) flags.add(flag);
      const image = imageFrom(name, member);
      if (image !== undefined) images.add(image);
      if (isAccount(name) && typeof member === 'string') found.serviceAccount = member;
      if (name === 'add' && above.at(-1) === 'capabilities') found.strongCapability ||= hasStrong(member);
      if (name === 'containers' && Array.isArray(member)) found.whole = true;
      if (name === 'automountServiceAccountToken' && member === false) found.tokenRefused = true;
    });
  }
  return { flags, images: [...images].slice(0, MAX_IMAGES), ...found };
}

const isAccount = (name: string): boolean => name === 'serviceAccountName' || name === 'serviceAccount';

const hasStrong = (added: JsonValue): boolean =>
  Array.isArray(added) && added.some((capability) => capability !== HARMLESS_CAPABILITY);

function flagsOf(name: string, member: JsonValue, above: readonly string[]): Flag[] {
  const rule = RULES.get(name);
  const found = rule?.(member, above) ?? [];
  const lets =
    (RESTRAINTS.has(name) && (member === null || member === false)) ||
    (name === '$patch' && above.some((parent) => RESTRAINTS.has(parent)));
  return lets ? [...found, 'weakens'] : found;
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
  [
    'type',
    (member, above) =>
      when(member === 'Unconfined' && /^(seccomp|appArmor)Profile$/.test(above.at(-1) ?? ''), 'weakens'),
  ],
]);
