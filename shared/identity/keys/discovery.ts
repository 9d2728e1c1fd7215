import { err, ok, type Result } from '../../platform/result.ts';
import { member } from '../compact.ts';
import { admitKeySet, type PublishedKey } from './admit.ts';
import { getJson, type HttpGet } from './get-json.ts';

/** Both documents together. A caller waits for this on a cold start, inside the 29 s of an HTTP API. */
const DEADLINE_MS = 5_000;

/**
 * An issuer's signing keys by way of its discovery document (OpenID Connect Discovery 1.0 sections 4.1 and 4.3), read
 * anew each time, so that a moved `jwks_uri` is followed. The document's `issuer` must equal the configured one:
 * otherwise one tenant's document could stand in for another's.
 */
export async function fetchKeys(get: HttpGet, issuerUrl: string): Promise<Result<readonly PublishedKey[], string>> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const address = `${issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = await getJson(get, address, signal);
  if (!document.ok) return document;
  if (member(document.value, 'issuer') !== issuerUrl) return err(`${address} speaks for another issuer`);
  const jwksUri = member(document.value, 'jwks_uri');
  if (typeof jwksUri !== 'string' || !mayHoldKeys(jwksUri, issuerUrl)) return err(`${address} has no usable jwks_uri`);
  const keys = await getJson(get, jwksUri, signal);
  if (!keys.ok) return keys;
  const admitted = admitKeySet(keys.value);
  return admitted.ok ? ok(admitted.value) : err(`${jwksUri} ${admitted.error}`);
}

/** Keys come over https from wherever the issuer says; otherwise only from the issuer's own origin (loopback). */
function mayHoldKeys(jwksUri: string, issuerUrl: string): boolean {
  if (!URL.canParse(jwksUri)) return false;
  const url = new URL(jwksUri);
  if (url.protocol === 'https:') return url.username === '' && url.password === '';
  return url.origin === new URL(issuerUrl).origin;
}
