import * as z from 'zod';

/** The part of an answer that the story looks at; the whole contract is in /v1/openapi.json. */
const answerSchema = z.looseObject({
  session: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  seal: z.string().optional(),
  policies: z.array(z.looseObject({ id: z.string() })).optional(),
  chain: z.looseObject({ valid: z.boolean() }).optional(),
  archive: z.string().optional(),
  events: z.array(z.looseObject({ type: z.string() })).optional(),
  result: z
    .looseObject({
      columns: z.array(z.looseObject({ name: z.string(), masked: z.boolean() })),
      rows: z.array(z.array(z.json())),
      rowCount: z.number(),
    })
    .optional(),
});

export type GatewayAnswer = z.output<typeof answerSchema> & { readonly http: number };

/** An agent or a person over HTTP, with a token and nothing else. */
export interface GatewayClient {
  execute(request: Readonly<Record<string, unknown>>): Promise<GatewayAnswer>;
  session(id: string, waitSeconds?: number): Promise<GatewayAnswer>;
}

export function createGatewayClient(url: string, token: string): GatewayClient {
  const call = async (path: string, body?: unknown): Promise<GatewayAnswer> => {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(40_000),
    });
    return { ...answerSchema.parse(await response.json()), http: response.status };
  };
  return {
    execute: (request) => call('/v1/execute', request),
    session: (id, waitSeconds = 0) => call(`/v1/sessions/${id}?wait=${waitSeconds}`),
  };
}
