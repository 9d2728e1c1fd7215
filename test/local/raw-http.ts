import { request } from 'node:http';

/** One HTTP request with headers that fetch would not let through, such as Host. */
export function rawRequest(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer = '',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export const rawPost = (
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string }> =>
  rawRequest(url, 'POST', '/', { 'content-length': String(Buffer.byteLength(body)), ...headers }, body);
