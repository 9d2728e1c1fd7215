import type { Lineage } from '../../../domain/lineage.ts';
import type { Statement } from '../../../domain/statement.ts';
import type { Preview } from '../../connector.ts';
import type { Reading } from '../analysis/index.ts';
import { isOwnGroup } from '../analysis/resources.ts';
import { bytesOf } from '../execute/call.ts';
import { lineageOf } from '../lineage.ts';
import { ACCEPT } from '../request/accept.ts';
import type { ResourceRequest } from '../request/model.ts';
import { writeQuery } from '../request/query.ts';
import { pathOf } from '../request/rebuild.ts';
import { differences, type Difference } from './diff.ts';
import type { Look } from './look.ts';

/** Lines of a difference that are shown: what does not fit is said, and the whole body stands in the statement. */
const MAX_LINES = 40;

/** Subresources whose dry run would still do something, or that no dry run is known for. */
const NEVER_TRIED = new Set(['token', 'exec', 'attach', 'portforward', 'proxy']);

/**
 * What a change would change: the object as it is, beside what the API server makes of the request with `dryRun=All` (admission
 * and defaults included). Not tried where the API server is another than Kubernetes' own, which may not know the word.
 */
export async function previewChange(
  look: Look,
  { request, body }: Reading & { readonly request: ResourceRequest },
  statement: Statement,
): Promise<Pick<Preview, 'rows' | 'uncounted' | 'sample'>> {
  if (!isOwnGroup(request.group) || NEVER_TRIED.has(request.subresource) || request.resource.endsWith('reviews'))
    return unknown('a dry run of it is not certain to keep nothing');
  const path = pathOf(request);
  const sent = bytesOf(body);
  const query = new Map([...request.query, ['dryRun', ['All']] as const]);
  const [before, tried] = await Promise.all([
    request.name === '' ? undefined : look.at(path),
    look.attempt({
      method: request.method,
      target: path + writeQuery(query),
      accept: ACCEPT.json,
      ...(sent === undefined ? {} : { body: sent }),
    }),
  ]);
  if (tried.kind === 'refused') return unknown(tried.why);
  if (request.subresource === 'eviction') return counted('1 pod would be evicted', []);
  const lines = differences(before ?? {}, tried.object);
  const what =
    before === undefined ? 'one object would be made' : `one object, ${String(lines.length)} fields would change`;
  return { ...counted(`${what}; by a dry run of the API server`, []), ...sampleOf(lines, lineageOf(statement)) };
}

const unknown = (why: string): Pick<Preview, 'rows' | 'uncounted'> => ({
  rows: { basis: 'unknown', why },
  uncounted: [],
});
const counted = (why: string, uncounted: readonly string[]): Pick<Preview, 'rows' | 'uncounted'> => ({
  rows: { basis: 'counted', rows: 1, why },
  uncounted,
});

/** Its columns say where in the document each value stands, for masking. */
function sampleOf(lines: readonly Difference[], lineage: Lineage): Pick<Preview, 'sample'> {
  if (lines.length === 0) return {};
  const result = {
    columns: [
      { name: 'field', type: 'path' },
      { name: 'is', type: 'value' },
      { name: 'would be', type: 'value' },
    ],
    rows: lines.slice(0, MAX_LINES).map(({ at, before, after }) => [at, before ?? null, after ?? null]),
    rowCount: lines.length,
    truncated: lines.length > MAX_LINES,
  };
  return { sample: { result, lineage } };
}
