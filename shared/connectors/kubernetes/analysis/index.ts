import type { JsonValue } from '../../../platform/json-value.ts';
import { unreadable, type Effect, type EffectResource } from '../../../domain/effect.ts';
import type { Statement } from '../../../domain/statement.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { disagreement, nameInBody } from '../body/agree.ts';
import { fragmentsOf } from '../body/fragments.ts';
import { readBody, type Body } from '../body/read.ts';
import { refuse } from '../request/fault.ts';
import { readRequest } from '../request/index.ts';
import type { KubeRequest, PathRequest, ResourceRequest } from '../request/model.ts';
import { otherAccounts } from './accounts.ts';
import { deedsOf, type Matter } from './effects.ts';
import { readOptions, type Options } from './options.ts';
import { pathAction } from './paths.ts';
import { resourceOf, subjectAttributes } from './subject.ts';
import { K8S_ACTIONS, type GivenAttributes, type K8sAction } from './vocabulary.ts';

/** A statement, read whole: what is asked, with what, and what it would do. */
export interface Reading {
  readonly request: KubeRequest;
  readonly body: Body;
  readonly options: Options;
  readonly effects: readonly Effect[];
}

/** A function of the statement and of the registries that the configuration trusts. */
export function read(statement: Statement, registries: readonly string[]): Result<Reading, StatementFault> {
  const request = readRequest(statement);
  if (!request.ok) return request;
  const body = readBody(request.value, statement.body);
  if (!body.ok) return body;
  const options = readOptions(request.value, body.value);
  if (!options.ok) return options;
  const effects =
    request.value.kind === 'path'
      ? ok(pathEffects(request.value))
      : resourceEffects(request.value, body.value, options.value, registries);
  return effects.ok
    ? ok({ request: request.value, body: body.value, options: options.value, effects: effects.value })
    : effects;
}

function pathEffects(request: PathRequest): readonly Effect[] {
  const action = pathAction(request);
  if (action === undefined) return [unreadable(`there is no rule for ${request.method} ${request.path}`)];
  return [effect(action, { kind: 'path', name: request.path }, { verb: 'get' })];
}

function resourceEffects(
  request: ResourceRequest,
  body: Body,
  options: Options,
  registries: readonly string[],
): Result<readonly Effect[], StatementFault> {
  const fault = disagreement(request, body) ?? bodyless(request, body.kind === 'none' ? undefined : body);
  if (fault !== undefined) return refuse('body_invalid', fault);
  const fragments = request.method === 'DELETE' ? ok({ parts: [], untold: body.kind === 'opaque' }) : fragmentsOf(body);
  if (!fragments.ok) return fragments;
  const twice = otherAccounts(request, fragments.value.parts);
  if (twice !== undefined) return refuse('body_invalid', twice);
  const matter: Matter = { request, body, ...fragments.value, options, registries };
  const deeds = deedsOf(matter);
  if (deeds === undefined)
    return ok([unreadable(`there is no rule for ${request.verb} of ${request.resource}/${request.subresource}`)]);
  const name = request.name === '' && request.verb === 'create' ? nameInBody(body) : request.name;
  const resource = resourceOf(request, name);
  const attributes = { ...subjectAttributes(request, name), ...deeds.attributes };
  return ok(deeds.actions.map((action) => effect(action, resource, attributes)));
}

/** What is created or changed has to be said; only a connection (exec, a proxy) is made without. */
function bodyless({ verb, subresource, method }: ResourceRequest, body: Body | undefined): string | undefined {
  const changes = verb === 'create' || verb === 'update' || verb === 'patch';
  return changes && subresource === '' && body === undefined ? `has no body, and ${method} is about one.` : undefined;
}

/** Only what differs from the default is told, so that the record shows what matters. */
function effect(action: K8sAction, resource: EffectResource, given: GivenAttributes): Effect {
  const said = Object.entries(given).filter(([, value]) => !isDefault(value));
  return { action, group: K8S_ACTIONS[action], resource, attributes: Object.fromEntries(said) };
}

const isDefault = (value: JsonValue): boolean =>
  value === false || value === '' || (Array.isArray(value) && value.length === 0);
