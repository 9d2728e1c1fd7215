import type { JsonObject } from '../../../platform/json-value.ts';
import type { Body } from '../body/read.ts';
import type { ResourceRequest } from '../request/model.ts';
import type { Options } from './options.ts';
import { consequencesOf } from './consequences.ts';
import { saidIn } from './said.ts';
import { holds, isOwnGroup } from './resources.ts';
import { STREAMS, subresourceAction } from './subresources.ts';
import type { GivenAttributes, K8sAction } from './vocabulary.ts';

/** A request with everything that was read of it. */
export interface Matter {
  readonly request: ResourceRequest;
  readonly body: Body;
  readonly parts: readonly JsonObject[];
  readonly untold: boolean;
  readonly options: Options;
  readonly registries: readonly string[];
}

/** What is done, each by its action, and what is to be said of all of it. `undefined`: there is no rule for this. */
export interface Deeds {
  readonly actions: readonly K8sAction[];
  readonly attributes: GivenAttributes;
}

const READS = new Set(['get', 'list', 'watch']);

/** Creates that answer a question and keep nothing. */
const REVIEWS: ReadonlyMap<string, K8sAction> = new Map([
  ['selfsubjectaccessreviews', 'k8s:review'],
  ['selfsubjectrulesreviews', 'k8s:review'],
  ['selfsubjectreviews', 'k8s:review'],
  ['subjectaccessreviews', 'k8s:review-others'],
  ['localsubjectaccessreviews', 'k8s:review-others'],
  ['tokenreviews', 'k8s:review-token'],
]);

export function deedsOf(matter: Matter): Deeds | undefined {
  const { request } = matter;
  const main = mainAction(request);
  if (main === undefined) return undefined;
  if (STREAMS.has(main))
    return { actions: [main], attributes: { stream: true, command: request.query.get('command') ?? [] } };
  const review = request.verb === 'create' && isOwnGroup(request.group) ? REVIEWS.get(request.resource) : undefined;
  if (review !== undefined) return { actions: [review], attributes: { opaque: matter.body.kind === 'opaque' } };
  return READS.has(request.verb) && main !== 'k8s:mint-token' ? reading(request, main) : changing(matter, main);
}

function mainAction(request: ResourceRequest): K8sAction | undefined {
  const { subresource, verb, rest, legacy, method } = request;
  if (verb === 'proxy') return 'k8s:proxy';
  if (legacy === 'watch' && method !== 'GET' && method !== 'HEAD') return undefined;
  const action = subresource === '' ? 'verb' : subresourceAction(request);
  if (action !== 'verb' && action !== undefined && STREAMS.has(action)) return action;
  // Only what a proxy asks for may stand behind a subresource.
  if (action === undefined || rest.length > 0) return undefined;
  return action === 'verb' ? verbAction(request) : action;
}

function verbAction({ verb, contentType, resource, group }: ResourceRequest): K8sAction {
  switch (verb) {
    case 'create':
      // The old way to what `pods/binding` does.
      return resource === 'bindings' && group === '' ? 'k8s:bind' : 'k8s:create';
    case 'patch':
      return contentType === 'application/apply-patch+yaml' ? 'k8s:apply' : 'k8s:patch';
    case 'delete':
      return resource === 'namespaces' ? 'k8s:delete-namespace' : 'k8s:delete';
    default:
      return `k8s:${verb}`;
  }
}

function reading({ resource, verb }: ResourceRequest, main: K8sAction): Deeds {
  const stream = verb === 'watch' ? { stream: true } : {};
  // `status` and `scale` over GET answer with the object, whole or in part.
  const shown = STREAMS.has(main) || main === 'k8s:log' ? undefined : contentAction(resource);
  return { actions: [shown ?? main], attributes: stream };
}

const contentAction = (resource: string): K8sAction | undefined => {
  const held = holds(resource);
  if (held === undefined) return undefined;
  return held === 'secrets' ? 'k8s:read-secret' : 'k8s:read-config';
};

function changing(matter: Matter, main: K8sAction): Deeds {
  const { request, options } = matter;
  const said = saidIn(matter);
  const actions = consequencesOf(matter, main, said);
  const dry = options.dryRun && honoursDryRun(request, main);
  // The answer to a change shows the whole object, so whoever may not read it may not change it to see it.
  const shown = showsObject(request, dry) ? contentAction(request.resource) : undefined;
  const { force, propagation } = options;
  return {
    actions: [...(dry ? (['k8s:dry-run'] as const) : [main, ...actions]), ...(shown === undefined ? [] : [shown])],
    attributes: { ...said.attributes, dryRun: dry, force, ...(propagation === '' ? {} : { propagation }) },
  };
}

/** A token that was asked for is given, whatever else the request says; other API servers may not know the word. */
const honoursDryRun = ({ group }: ResourceRequest, main: K8sAction): boolean =>
  isOwnGroup(group) && main !== 'k8s:mint-token';

/** A deletion of many answers with all that it deleted. */
const showsObject = ({ verb, subresource }: ResourceRequest, dry: boolean): boolean =>
  (subresource === '' || subresource === 'status') &&
  (dry || verb === 'update' || verb === 'patch' || verb === 'deletecollection');
