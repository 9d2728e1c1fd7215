import Provider, { type Adapter, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Issuer } from '../../../shared/contracts/config/issuer.ts';
import type { Identity } from './identities.ts';
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
}

/**
 * An OpenID provider for development: discovery, keys, and tokens by client credentials (RFC 6749 section 4.4) as
 * signed JWT access tokens (RFC 9068). No browser, no consent, no user store: each identity is a client.
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.url, configurationOf(options));
  provider.on('server_error', (_context, error) => {
    console.error(`development issuer ${options.issuer.name}:`, error);
  });
  return provider;
}

function configurationOf({ issuer, identities, key, secret }: ProviderOptions): Configuration {
  const byName = new Map(identities.map((identity) => [identity.name, identity]));
  return {
    adapter: forgetful,
    jwks: { keys: [key] },
    cookies: { keys: [secret] },
    clients: identities.map(({ name }) => clientOf(name, secret, key.alg)),
    ttl: { ClientCredentials: issuer.maxTokenSeconds },
    enabledJWA: { idTokenSigningAlgValues: [key.alg] },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
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
          const identity = byName.get(token.clientId ?? '');
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

/** Signed tokens carry everything, and nothing else is ever issued here: there is nothing to store. */
function forgetful(): Adapter {
  const nothing = () => Promise.resolve(undefined);
  return {
    upsert: nothing,
    find: nothing,
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  };
}
