import * as z from 'zod';

const answerSchema = z.object({ access_token: z.string().min(1) });
const errorSchema = z.object({ error: z.string(), error_description: z.string().optional() });

export interface TokenRequest {
  /** The issuer's address, e.g. `http://127.0.0.1:8787/oidc/ci`. */
  readonly issuerUrl: string;
  readonly name: string;
  readonly secret: string;
  readonly ttlSeconds?: number;
}

/** Asks a development issuer for a token, by its token endpoint as any OAuth client would. Throws with its reason. */
export async function requestToken({ issuerUrl, name, secret, ttlSeconds }: TokenRequest): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: name, client_secret: secret });
  if (ttlSeconds !== undefined) form.set('ttl', String(ttlSeconds));
  const response = await fetch(`${issuerUrl}/token`, {
    method: 'POST',
    body: form,
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  });
  const body: unknown = await response.json();
  const answer = answerSchema.safeParse(body);
  if (response.ok && answer.success) return answer.data.access_token;
  const refusal = errorSchema.safeParse(body);
  const why = refusal.success ? (refusal.data.error_description ?? refusal.data.error) : `status ${response.status}`;
  throw new Error(`the development issuer gave no token for ${name}: ${why}`);
}
