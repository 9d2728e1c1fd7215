import type { ApiAccess, ApiAnswer, ApiCall, KubernetesApi } from '../../connectors/kubernetes/api.ts';
import type { KubernetesConnection } from '../../contracts/config/connection.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { parseStrictJson } from '../../platform/strict-json.ts';
import type { EksToken } from './eks-token.ts';
import { send, type Sent } from './send.ts';
import type { Vault } from './vault.ts';

interface Means {
  readonly vault: Vault;
  readonly eksToken: EksToken;
}

/** Kubernetes over HTTPS with a pinned authority, and a credential that is borrowed for the one call. */
export function createKubernetesApi(means: Means): KubernetesApi {
  return {
    async call(call) {
      const sent = await withToken(means, call.connection, call.access, (token) => send(call, token));
      return sent.ok ? answerOf(sent.value, call) : { kind: 'not_sent', why: sent.error.why };
    },
  };
}

async function withToken<T>(
  { vault, eksToken }: Means,
  { credential }: KubernetesConnection,
  access: ApiAccess,
  work: (token: string) => Promise<T>,
): Promise<Result<T, { readonly why: string }>> {
  if (credential.kind === 'service-account') {
    const { secretArn, readSecretArn } = credential;
    return vault.use(access === 'read' ? (readSecretArn ?? secretArn) : secretArn, work);
  }
  try {
    const token = await eksToken(credential);
    return ok(await work(token));
  } catch (error) {
    return err({ why: `no token for EKS could be made: ${error instanceof Error ? error.name : 'unknown error'}` });
  }
}

function answerOf(sent: Sent, { connection }: ApiCall): ApiAnswer {
  switch (sent.kind) {
    case 'failed':
      return sent.sent
        ? { kind: 'lost', why: sent.why }
        : { kind: 'not_sent', why: `The API server was not reached (${sent.why})` };
    case 'too_large':
      return {
        kind: 'unreadable',
        status: sent.status,
        why: `The answer is larger than ${connection.responseBytes} bytes. Ask for less: a label, a limit, one object.`,
      };
    case 'received':
      return documentOf(sent);
  }
}

/** Objects nest some twelve deep, OpenAPI documents some fifty. */
const MAX_DEPTH = 200;

function documentOf({ status, contentType, bytes }: Extract<Sent, { kind: 'received' }>): ApiAnswer {
  const text = decoded(bytes);
  if (text === undefined) return { kind: 'unreadable', status, why: 'The answer is not UTF-8.' };
  if (!/^application\/json\b/.test(contentType)) return { kind: 'answered', status, document: { text } };
  const json = parseStrictJson(text, { depth: MAX_DEPTH });
  return json.ok
    ? { kind: 'answered', status, document: { json: json.value } }
    : {
        kind: 'unreadable',
        status,
        why: `The answer is not JSON that two readers would read alike (${json.error.kind}).`,
      };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
