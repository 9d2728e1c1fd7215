/** Query parameters, decoded, in the order they came. A key stands once, but for those that Kubernetes itself repeats. */
export type Query = ReadonlyMap<string, readonly string[]>;

/** What an answer is asked to look like. Only these are ever asked of the API server. */
export type AnswerForm = 'json' | 'table' | 'metadata' | 'metadata-list' | 'discovery-v2' | 'discovery-v2beta1';

interface Head {
  /** As Kubernetes spells it: upper case. */
  readonly method: Method;
  readonly query: Query;
  /** Media type without parameters, lower case. */
  readonly contentType?: string;
  readonly accept: AnswerForm;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What the API server itself makes of a method and a path (`RequestInfo.Verb`). */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'proxy';

/** A request for a resource, as the API server's RequestInfo reads it. An empty string is "none", as there. */
export interface ResourceRequest extends Head {
  readonly kind: 'resource';
  readonly prefix: 'api' | 'apis';
  readonly verb: Verb;
  /** Empty: the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** What follows the subresource, e.g. the path that a proxy is to ask for. */
  readonly rest: readonly string[];
  /** The old form `/api/v1/watch/…` and `/api/v1/proxy/…`, in which the verb stands in the path. */
  readonly legacy?: 'watch' | 'proxy';
}

/** Anything else: discovery, versions, health, and what an API server tells of itself. */
export interface PathRequest extends Head {
  readonly kind: 'path';
  readonly verb: 'get' | 'other';
  readonly path: string;
}

export type KubeRequest = ResourceRequest | PathRequest;
