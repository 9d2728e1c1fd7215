import type { KubernetesConnection } from '../../../contracts/config/connection.ts';
import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import type { ApiCall, KubernetesApi } from '../api.ts';
import { isObject } from '../body/fragments.ts';
import { ACCEPT } from '../request/accept.ts';

/** Seconds for one look. A preview has 15 in all, and most are asked for at once. */
const SECONDS = 5;

/** Asks an API server for what a preview needs. `undefined`: it could not be had, which is no reason to stop. */
export interface Look {
  /** One object or one list, in whole. */
  at(target: string): Promise<JsonObject | undefined>;
  /** The same without spec, status and data. */
  names(target: string): Promise<JsonObject | undefined>;
  /** A call that keeps nothing, because it says `dryRun=All`. The answer's status, and why where it is a refusal. */
  attempt(call: Omit<ApiCall, 'connection' | 'access' | 'timeoutSeconds'>): Promise<Attempted>;
}

export type Attempted =
  { readonly kind: 'would_be'; readonly object: JsonObject } | { readonly kind: 'refused'; readonly why: string };

export function createLook(api: KubernetesApi, connection: KubernetesConnection): Look {
  const get = async (target: string, accept: string): Promise<JsonObject | undefined> => {
    const answer = await api.call({
      connection,
      access: 'read',
      method: 'GET',
      target,
      accept,
      timeoutSeconds: SECONDS,
    });
    return answer.kind === 'answered' &&
      answer.status === 200 &&
      'json' in answer.document &&
      isObject(answer.document.json)
      ? answer.document.json
      : undefined;
  };
  return {
    at: (target) => get(target, ACCEPT.json),
    names: (target) => get(target, ACCEPT['metadata-list']),
    attempt: async (call) => {
      const answer = await api.call({ ...call, connection, access: 'write', timeoutSeconds: SECONDS });
      if (answer.kind !== 'answered' || !('json' in answer.document) || !isObject(answer.document.json))
        return { kind: 'refused', why: 'the dry run got no answer that could be read' };
      const { json } = answer.document;
      return answer.status < 300
        ? { kind: 'would_be', object: json }
        : { kind: 'refused', why: `the API server would refuse it: ${wordOf(json['reason'])}` };
    },
  };
}

const wordOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : 'no reason given');
