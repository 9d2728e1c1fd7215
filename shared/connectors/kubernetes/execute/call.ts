import { Buffer } from 'node:buffer';
import type { KubernetesConnection } from '../../../contracts/config/connection.ts';
import type { Effect } from '../../../domain/effect.ts';
import type { ApiAccess, ApiCall } from '../api.ts';
import { SENT_AS, PROTOBUF, type Body } from '../body/read.ts';
import { ACCEPT } from '../request/accept.ts';
import type { KubeRequest, Query } from '../request/model.ts';
import { one, writeQuery } from '../request/query.ts';
import { pathOf } from '../request/rebuild.ts';

export interface CallLimits {
  readonly maxRows: number;
  readonly timeoutSeconds: number;
}

/** The call that a request is: path, query and body made from what was understood, and nothing of the caller's beside. */
export function callOf(
  connection: KubernetesConnection,
  access: ApiAccess,
  request: KubeRequest,
  body: Body,
  limits: CallLimits,
): ApiCall {
  const sent = bytesOf(body);
  return {
    connection,
    access,
    method: request.method,
    target: pathOf(request) + writeQuery(bounded(request, connection, limits.maxRows)),
    accept: isLog(request) ? '*/*' : ACCEPT[request.accept],
    timeoutSeconds: limits.timeoutSeconds,
    ...(sent === undefined ? {} : { body: sent }),
  };
}

/** The account that can only read is for statements of which every effect is a read; no effects at all is not that. */
export const accessOf = (effects: readonly Effect[]): ApiAccess =>
  effects.length > 0 && effects.every(({ group, action }) => group === 'read' && action !== 'k8s:dry-run')
    ? 'read'
    : 'write';

export const isLog = (request: KubeRequest): boolean => request.kind === 'resource' && request.subresource === 'log';

/** A page holds at most what the gateway keeps of an answer, and a log ends where an answer would. */
function bounded(request: KubeRequest, { responseBytes }: KubernetesConnection, maxRows: number): Query {
  const { query } = request;
  if (isLog(request)) return atMost(query, 'limitBytes', responseBytes);
  return request.kind === 'resource' && request.verb === 'list' ? atMost(query, 'limit', maxRows) : query;
}

function atMost(query: Query, key: string, most: number): Query {
  const asked = Number(one(query, key) ?? most);
  const within = Number.isSafeInteger(asked) && asked > 0 ? Math.min(asked, most) : most;
  return new Map([...query, [key, [String(within)]]]);
}

export function bytesOf(body: Body): ApiCall['body'] {
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'opaque':
      return { contentType: PROTOBUF, bytes: body.bytes };
    case 'document':
      return { contentType: SENT_AS[body.form], bytes: Buffer.from(JSON.stringify(body.value), 'utf8') };
  }
}
