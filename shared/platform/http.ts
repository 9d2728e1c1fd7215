/** An answer over HTTP, in the shape an HTTP API takes from a function. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body is Base64 of the bytes that are meant. */
  readonly isBase64Encoded?: boolean;
}

/** Answers hold production data and refusals hold statements: no cache may keep either. */
const COMMON = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export const jsonAnswer = (
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  statusCode,
  headers: { ...COMMON, 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** RFC 9457. */
export const problemAnswer = (
  statusCode: number,
  problem: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => jsonAnswer(statusCode, problem, { 'content-type': 'application/problem+json', ...headers });

/** The body as the bytes that were sent. */
export function bodyBytes(event: {
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}): Uint8Array {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}
