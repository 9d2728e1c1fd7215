import type { JsonObject } from '../../../../shared/platform/json-value.ts';
import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import { fieldSelector, labelSelector } from './select.ts';
import type { Fault } from './status.ts';
import { fault } from './status.ts';
import { nameOf, namespaceOf, type ClusterStore } from './store.ts';
import type { ObjectRequest } from './wire/request.ts';

export interface Page {
  readonly items: readonly JsonObject[];
  readonly metadata: JsonObject;
}

/**
 * One page of a list. `continue` names the last object that was given; old versions are not kept, so the next page shows
 * what there is by then, as the API server's own "inconsistent continuation" does.
 */
export function listPage({ kind, namespace, query }: ObjectRequest, store: ClusterStore): Result<Page, Fault> {
  const given = new Map(query);
  const labels = labelSelector(given.get('labelSelector') ?? '');
  if (!labels.ok) return labels;
  const fields = fieldSelector(given.get('fieldSelector') ?? '', kind.kind);
  if (!fields.ok) return fields;
  const all = store.list(kind, namespace).filter((object) => labels.value(object) && fields.value(object));
  return pageOf(all, given.get('continue') ?? '', Number(given.get('limit') ?? 0), store.version);
}

function pageOf(
  all: readonly JsonObject[],
  token: string,
  limit: number,
  resourceVersion: string,
): Result<Page, Fault> {
  const after = readContinue(token);
  if (after === undefined) return fault('BadRequest', 'continue key is not valid');
  if (!Number.isSafeInteger(limit) || limit < 0) return fault('BadRequest', 'limit is a number of objects');
  const rest = after === '' ? all : all.filter((object) => placeOf(object) > after);
  const items = limit === 0 ? rest : rest.slice(0, limit);
  const last = items.at(-1);
  const more = items.length < rest.length && last !== undefined;
  const further = more
    ? { continue: writeContinue(placeOf(last)), remainingItemCount: rest.length - items.length }
    : {};
  return ok({ items, metadata: { resourceVersion, ...further } });
}

/** Sorts as the store's keys do. */
const placeOf = (object: JsonObject): string => `${namespaceOf(object)}/${nameOf(object)}`;

const writeContinue = (place: string): string => Buffer.from(JSON.stringify({ after: place })).toString('base64url');

function readContinue(token: string): string | undefined {
  if (token === '') return '';
  const found = /^\{"after":"([^"\\]+)"\}$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  return found?.[1];
}
