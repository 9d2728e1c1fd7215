import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Issuer } from '../../../shared/contracts/config/issuer.ts';
import type { Identity } from './identities.ts';
import { fewMinutesOf } from './few-minutes.ts';
import type { SigningKey } from './signing-key.ts';
import { identifyingClaims, lifetimeOf } from './token-claims.ts';

/** The one resource that tokens are for. Its audience is what gateway.yaml expects of the issuer. */
const RESOURCE = 'urn:countersign:gateway';

export interface ProviderOptions {
  readonly issuer: Issuer;
  /** Address under which it is reached, which is also its `iss`. */
  readonly url: string;
  readonly identities: readonly Identity[];
  readonly key: SigningKey;
  readonly secret: string;
  /** Where the gateway is, and the page that people come back to. */
  readonly publicUrl: string;
}

/**
 * An OpenID provider for development: discovery, keys, and tokens as signed JWT access tokens (RFC 9068), by client
 * credentials (RFC 6749 section 4.4), where each identity is a client, and for the page of a session by authorization
 * code with PKCE, where whoever sits at this machine says who they are (choose-identity.ts). No consent, no user store.
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.url, configurationOf(options));
  provider.on('server_error', (_context, error) => {
    console.error(`development issuer ${options.issuer.name}:`, error);
  });
  return provider;
}

/** Of what a sign-in leaves behind, in seconds: it is over in a minute, or begun anew. */
const MINUTES = { AuthorizationCode: 60, IdToken: 600, Session: 600, Interaction: 600, Grant: 600 };

function configurationOf({ issuer, url, identities, key, secret, publicUrl }: ProviderOptions): Configuration {
  const byName = new Map(identities.map((identity) => [identity.name, identity]));
  return {
    adapter: fewMinutesOf(),
    jwks: { keys: [key] },
    cookies: { keys: [secret] },
    clients: [
      ...identities.map(({ name }) => clientOf(name, secret, key.alg)),
      ...pageClient(issuer, `${publicUrl}/signed-in`, key.alg),
    ],
    pkce: { required: () => true },
    interactions: { url: (_context, { uid }) => `${new URL(url).pathname}/interaction/${uid}` },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    loadExistingGrant: grantForPage,
    ttl: { ...MINUTES, ClientCredentials: issuer.maxTokenSeconds, AccessToken: issuer.maxTokenSeconds },
    enabledJWA: { idTokenSigningAlgValues: [key.alg] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        defaultResource: () => RESOURCE,
        getResourceServerInfo: () => ({
          scope: '',
          audience: issuer.audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: issuer.maxTokenSeconds,
          jwt: { sign: { alg: key.alg, kid: key.kid } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (context, token, parts) => {
          const identity = byName.get(('accountId' in token ? token.accountId : token.clientId) ?? '');
          if (!identity) throw new Error('a token was asked for somebody unknown');
          const ttl = ttlOf(context) ?? identity.ttlSeconds;
          parts.payload = { ...parts.payload, ...identifyingClaims(identity), ...lifetimeOf(ttl, new Date()) };
        },
      },
    },
  };
}

function clientOf(name: string, secret: string, alg: SigningKey['alg']) {
  return {
    client_id: name,
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_post' as const,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    id_token_signed_response_alg: alg,
  };
}

/** A form member of our own beside the standard ones: how long the token is to live, for trying out expiry. */
function ttlOf(context: KoaContextWithOIDC): number | undefined {
  const asked = Number(context.oidc.body?.['ttl'] ?? Number.NaN);
  return Number.isSafeInteger(asked) && Math.abs(asked) <= 86_400 ? asked : undefined;
}

/** The client that gateway.yaml names for the page of a session: public, for this machine's page alone. */
function pageClient(issuer: Issuer, redirectUri: string, alg: SigningKey['alg']) {
  if (issuer.for !== 'people' || issuer.signIn === undefined) return [];
  return [
    {
      client_id: issuer.signIn.clientId,
      token_endpoint_auth_method: 'none' as const,
      grant_types: ['authorization_code'],
      redirect_uris: [redirectUri],
      response_types: ['code' as const],
      id_token_signed_response_alg: alg,
    },
  ];
}

/** Nobody is asked for consent: there is one page, and what it may is what the person may. */
async function grantForPage({ oidc }: KoaContextWithOIDC) {
  const { client, session, provider } = oidc;
  const grant = new provider.Grant({
    ...(client === undefined ? {} : { clientId: client.clientId }),
    ...(session?.accountId === undefined ? {} : { accountId: session.accountId }),
  });
  grant.addOIDCScope('openid');
  grant.addResourceScope(RESOURCE, '');
  await grant.save();
  return grant;
}
