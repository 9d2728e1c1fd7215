import type { KubernetesConnection } from '../../../contracts/config/connection.ts';
import type { Connector, Preview } from '../../connector.ts';
import { read, type Reading } from '../analysis/index.ts';
import type { KubernetesApi } from '../api.ts';
import { whyUncountable } from '../execute/countable.ts';
import { whyNotCarried } from '../execute/streams.ts';
import { createLook } from './look.ts';
import { previewChange } from './change.ts';
import { previewRemoval } from './removal.ts';

/** The Connector's `preview`: reads, and what the API server itself tries and keeps nothing of. Never throws. */
export function createKubernetesPreview(api: KubernetesApi): Connector<KubernetesConnection>['preview'] {
  return async (statement, connection, effects): Promise<Preview> => {
    const reading = read(statement, connection.registries);
    if (!reading.ok) return { rows: { basis: 'unknown', why: 'it cannot be read' }, uncounted: [] };
    const unbindable = whyUncountable(reading.value.request, effects);
    const seen = await look(api, connection, reading.value, statement);
    return { ...seen, ...(unbindable === undefined ? {} : { unbindable }) };
  };
}

type Seen = Pick<Preview, 'rows' | 'uncounted' | 'sample'>;

async function look(
  api: KubernetesApi,
  connection: KubernetesConnection,
  reading: Reading,
  statement: Parameters<typeof previewChange>[2],
): Promise<Seen> {
  const { request } = reading;
  const why = whyNotCarried(request);
  if (why !== undefined) return nothing(`it cannot be carried out here: ${why}`);
  if (request.kind === 'path') return nothing('it is about no object');
  const to = createLook(api, connection);
  switch (request.verb) {
    case 'delete':
    case 'deletecollection':
      return previewRemoval(to, request, reading);
    case 'create':
    case 'update':
    case 'patch':
      return previewChange(to, { ...reading, request }, statement);
    default:
      return nothing('it reads');
  }
}

const nothing = (why: string): Seen => ({ rows: { basis: 'unknown', why }, uncounted: [] });
