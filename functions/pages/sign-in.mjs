/* global btoa, crypto, location, sessionStorage, history */
/**
 * Signs a person in with their own identity provider: authorization code with PKCE (RFC 7636) for a public client (RFC
 * 8252, OAuth 2.0 for Browser-Based Applications). The token lives in this page's memory alone: it is in no storage and
 * no cookie, and is gone when the page is.
 *
 * @typedef {{name: string, url: string, clientId: string, parameters: Record<string, string>}} Issuer
 */

const KEPT = 'countersign.sign-in';

/** @param {Uint8Array} bytes */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const redirectUri = () => `${location.origin}/signed-in`;

/** @param {Issuer} issuer @returns {Promise<{authorization_endpoint: string, token_endpoint: string}>} */
async function discover(issuer) {
  const response = await fetch(`${issuer.url}/.well-known/openid-configuration`, { credentials: 'omit' });
  const found = await response.json();
  // OpenID Connect Discovery 4.3: who answers for another issuer is none.
  if (found.issuer !== issuer.url) throw new Error('the identity provider speaks for somebody else');
  return found;
}

/** Leaves the page for the identity provider, which sends the person back to `/signed-in`. @param {Issuer} issuer */
export async function leaveToSignIn(issuer) {
  const { authorization_endpoint: endpoint } = await discover(issuer);
  const [state, verifier] = [random(), random()];
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  sessionStorage.setItem(KEPT, JSON.stringify({ state, verifier, issuer: issuer.name, back: location.pathname }));
  const address = new URL(endpoint);
  const wanted = {
    scope: 'openid',
    ...issuer.parameters,
    response_type: 'code',
    client_id: issuer.clientId,
    redirect_uri: redirectUri(),
    state,
    code_challenge: base64url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(wanted)) address.searchParams.set(name, value);
  location.assign(address);
}

/**
 * Back from the identity provider: the code for a token. Whatever does not belong to the sign-in that this page began
 * is thrown away: a link with somebody else's code signs nobody in.
 *
 * @param {Issuer[]} issuers
 * @returns {Promise<{token: string, back: string}>}
 */
export async function comeBack(issuers) {
  const answer = new URLSearchParams(location.search);
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  sessionStorage.removeItem(KEPT);
  // Out of the address bar and the history before anything else: the code is good for a token until it is used.
  history.replaceState(null, '', kept?.back ?? '/signed-in');
  const issuer = issuers.find(({ name }) => name === kept?.issuer);
  if (issuer === undefined || kept.state !== answer.get('state')) throw new Error('this sign-in was not begun here');
  const code = answer.get('code');
  if (code === null) throw new Error(answer.get('error_description') ?? answer.get('error') ?? 'no answer');
  const { token_endpoint: endpoint } = await discover(issuer);
  const response = await fetch(endpoint, {
    method: 'POST',
    credentials: 'omit',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri(),
      client_id: issuer.clientId,
      code_verifier: kept.verifier,
    }),
  });
  const { access_token: token, error_description: why } = await response.json();
  if (!response.ok || typeof token !== 'string') throw new Error(why ?? `no token (${response.status})`);
  return { token, back: kept.back };
}
