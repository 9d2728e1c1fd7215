import type { Preview } from '../../connector.ts';
import type { Reading } from '../analysis/index.ts';
import { isList, isObject } from '../body/fragments.ts';
import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import type { ResourceRequest } from '../request/model.ts';
import { one, writeQuery } from '../request/query.ts';
import { pathOf } from '../request/rebuild.ts';
import { dependentsOf } from './dependents.ts';
import { countKinds, customKinds, inWords, type CustomKinds } from './kinds.ts';
import type { Look } from './look.ts';

type Seen = Pick<Preview, 'rows' | 'uncounted'>;

/** What would go with a deletion, found by reading alone. */
export async function previewRemoval(look: Look, request: ResourceRequest, { options }: Reading): Promise<Seen> {
  if (request.resource === 'namespaces' && request.verb === 'delete') return wholeNamespace(look, request.name);
  if (request.verb === 'deletecollection') return collection(look, request);
  const target = await look.at(pathOf(request));
  if (target === undefined) return unknown('what would be deleted could not be read');
  const orphans = options.propagation === 'Orphan';
  const custom = orphans ? NO_KINDS : await customKinds(look);
  const dependents = orphans
    ? new Map<string, number>()
    : await dependentsOf(look, request, uidOf(target), custom.kinds);
  const total = [...dependents.values()].reduce((sum, count) => sum + count, 1);
  const kind = typeof target['kind'] === 'string' ? target['kind'] : request.resource;
  return {
    rows: { basis: 'counted', rows: total, why: `objects: ${inWords(new Map([[kind, 1], ...dependents]))}` },
    uncounted: orphans ? ['dependents, which would stay without an owner'] : uncountedOf(custom),
  };
}

async function wholeNamespace(look: Look, namespace: string): Promise<Seen> {
  const custom = await customKinds(look);
  const kinds = await countKinds(look, namespace, custom.kinds);
  if (kinds === undefined) return unknown('what lies in the namespace could not be listed');
  const total = [...kinds.values()].reduce((sum, count) => sum + count, 1);
  return {
    rows: { basis: 'counted', rows: total, why: `objects: the namespace, ${inWords(kinds) || 'with nothing in it'}` },
    uncounted: [...uncountedOf(custom), 'whatever controllers keep outside of the cluster'],
  };
}

const NO_KINDS: CustomKinds = { kinds: [], whole: true };

const uncountedOf = ({ whole }: CustomKinds): string[] =>
  whole ? [] : ['custom resources of kinds that could not all be looked through'];

/** Kubernetes counts what a list does not show (`remainingItemCount`), unless a selector narrows it. */
async function collection(look: Look, request: ResourceRequest): Promise<Seen> {
  const kept = ['labelSelector', 'fieldSelector'].flatMap((key) => {
    const value = one(request.query, key);
    return value === undefined ? [] : [[key, [value]] as const];
  });
  const query = writeQuery(new Map([...kept, ['limit', ['500']] as const]));
  const list = await look.names(pathOf(request) + query);
  if (list === undefined) return unknown('what it would delete could not be listed');
  const { metadata, items } = list;
  const seen = isList(items) ? items.length : 0;
  const rest = isObject(metadata) ? metadata['remainingItemCount'] : undefined;
  const more = isObject(metadata) && typeof metadata['continue'] === 'string' && metadata['continue'] !== '';
  if (more && typeof rest !== 'number') return unknown(`more than ${String(seen)} objects match`);
  return {
    rows: {
      basis: 'counted',
      rows: seen + (typeof rest === 'number' ? rest : 0),
      why: `${request.resource} that match now`,
    },
    uncounted: ['what these own'],
  };
}

const unknown = (why: string): Seen => ({ rows: { basis: 'unknown', why }, uncounted: [] });

function uidOf({ metadata }: JsonObject): JsonValue | undefined {
  return isObject(metadata) ? metadata['uid'] : undefined;
}
