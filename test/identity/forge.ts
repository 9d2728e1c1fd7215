import { createPrivateKey, sign as nodeSign, constants, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Algorithm } from '../../shared/identity/algorithms.ts';

/** A key pair of ours, as the issuer publishes it and as the forger signs with it. */
export interface Pair {
  readonly alg: Algorithm;
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly privateKey: KeyObject;
}

export async function makePair(alg: Algorithm, kid: string): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  return { alg, kid, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }, privateKey: key };
}

export const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Signs any header and any payload text, sensible or not: a library would refuse to make most of these. */
export function forge(pair: Pair, header: unknown, payload: unknown, alg: Algorithm = pair.alg): string {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${signatureOf(pair.privateKey, input, alg).toString('base64url')}`;
}

function signatureOf(key: KeyObject, input: string, alg: Algorithm): Buffer {
  const data = Buffer.from(input);
  if (alg === 'EdDSA') return nodeSign(null, data, key);
  if (alg === 'ES256') return nodeSign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg === 'PS256') {
    return nodeSign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  }
  return nodeSign('sha256', data, key);
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP server that publishes keys as an issuer does; `answers` replaces what a path says, `requests` counts. */
export interface IssuerServer {
  readonly url: string;
  keys: object[];
  readonly answers: Map<string, Answer>;
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startIssuer(keys: object[]): Promise<IssuerServer> {
  const answers = new Map<string, Answer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    (answers.get(path) ?? defaults.get(path))?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  const self: IssuerServer = {
    url: `http://127.0.0.1:${address.port}`,
    keys,
    answers,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  const defaults = new Map<string, Answer>([
    ['/.well-known/openid-configuration', json(() => ({ issuer: self.url, jwks_uri: `${self.url}/jwks` }))],
    ['/jwks', json(() => ({ keys: self.keys }))],
  ]);
  return self;
}

export const json =
  (value: () => unknown, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value()));
  };
