import type { KubernetesConnection } from '../../contracts/config/connection.ts';
import type { JsonValue } from '../../platform/json-value.ts';

/**
 * `read`: every effect of the statement reads. It borrows the account that can only read, where there is one, and a lost
 * answer is then only a lost answer. `write`: anything else; a lost answer is an unknown outcome.
 */
export type ApiAccess = 'read' | 'write';

/** One call, as it goes over the wire. Everything in it is made from what was parsed. */
export interface ApiCall {
  readonly connection: KubernetesConnection;
  readonly access: ApiAccess;
  readonly method: string;
  /** Path and query, encoded. */
  readonly target: string;
  readonly accept: string;
  readonly body?: { readonly contentType: string; readonly bytes: Uint8Array };
  readonly timeoutSeconds: number;
}

/** What came back. Whether the call can have had an effect is the question, never whether it worked. */
export type ApiAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly document: ApiDocument }
  /** The server took it and answered, but with more than is read, or with what cannot be read. */
  | { readonly kind: 'unreadable'; readonly status: number; readonly why: string }
  /** It was certainly not taken: no connection, a certificate that nobody vouches for, no credential. */
  | { readonly kind: 'not_sent'; readonly why: string }
  /** It was sent, and then nothing came. */
  | { readonly kind: 'lost'; readonly why: string };

export type ApiDocument = { readonly json: JsonValue } | { readonly text: string };

/** The way to Kubernetes API servers. One call, one request, never sent twice. Never throws. */
export interface KubernetesApi {
  call(call: ApiCall): Promise<ApiAnswer>;
}
