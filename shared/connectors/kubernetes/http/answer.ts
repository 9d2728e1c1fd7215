import type { MaskedResult } from '../../../domain/result-set.ts';
import type { HttpAnswer } from '../../../platform/http.ts';
import type { JsonValue } from '../../../platform/json-value.ts';

/** Answers hold production data: nobody between may keep them, and nothing guesses what they are. */
const COMMON = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export const kubernetesAnswer = (
  statusCode: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({ statusCode, headers: { ...COMMON, 'content-type': contentType, ...headers }, body });

/** The masked document, as the API server would have answered it: its type and status follow from what it is. */
export function documentAnswer(method: string, target: string, result: MaskedResult | undefined): HttpAnswer {
  const value = result?.rows[0]?.[0] ?? null;
  const type = result?.columns[0]?.type ?? '';
  if (typeof value === 'string' && TEXTS.has(type))
    return kubernetesAnswer(200, 'text/plain; charset=utf-8', value, cacheable(target));
  const status = method === 'POST' && !isStatus(value) ? 201 : 200;
  return kubernetesAnswer(status, contentTypeOf(value), JSON.stringify(value), cacheable(target));
}

/** Types of an answer's column that stand for text: the lines of a log, or none. */
const TEXTS = new Set(['text', 'none']);

const isStatus = (value: JsonValue): boolean => memberOf(value, 'kind') === 'Status';

/** Clients read the form of discovery from the type alone (client-go, discovery/discovery_client.go). */
function contentTypeOf(value: JsonValue): string {
  const version = memberOf(value, 'apiVersion').replace('apidiscovery.k8s.io/', '');
  return memberOf(value, 'kind') === 'APIGroupDiscoveryList'
    ? `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
    : 'application/json';
}

function memberOf(value: JsonValue, name: string): string {
  if (typeof value !== 'object' || value === null || !(name in value)) return '';
  const found = Object.entries(value).find(([member]) => member === name)?.[1];
  return typeof found === 'string' ? found : '';
}

/**
 * Schemas hold no data and are asked for with the hash of their content: the client that has one need not ask again, which
 * saves a request, and a session, for each `kubectl apply`. Kept by that client alone, for a day.
 */
const cacheable = (target: string): Readonly<Record<string, string>> =>
  /^\/openapi\/v3\/[^?]*\?hash=[0-9A-Fa-f]+$/.test(target) ? { 'cache-control': 'private, max-age=86400' } : {};
