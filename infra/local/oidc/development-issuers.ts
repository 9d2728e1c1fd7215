import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdirSync } from 'node:fs';
import type Provider from 'oidc-provider';
import { join } from 'node:path';
import type { Issuer } from '../../../shared/contracts/config/issuer.ts';
import { StartFailure } from '../start-failure.ts';
import { OIDC_FOLDER, developmentIssuerUrl } from './addresses.ts';
import type { Identity } from './identities.ts';
import { chooseIdentity } from './choose-identity.ts';
import { createProvider } from './provider.ts';
import { requestToken } from './request-token.ts';
import { clientSecret, signingKeyOf } from './signing-key.ts';

export interface DevelopmentIssuersOptions {
  /** Where the front door is reached, e.g. `http://127.0.0.1:8787`; issuers live below it. */
  readonly publicUrl: string;
  /** All issuers of the configuration; those that an identity names are played. */
  readonly issuers: readonly Issuer[];
  readonly identities: readonly Identity[];
  /** The state folder of the stack; keys are kept in `oidc/` below it. */
  readonly stateDir: string;
}

export interface DevelopmentIssuers {
  /** Names of the issuers that are played here: their URL in the served configuration is `developmentIssuerUrl`. */
  readonly names: readonly string[];
  /** Answers requests below `/oidc`; false for all others. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** A token of an identity, from the token endpoint: the front door must be open. */
  tokenFor(name: string, overrides?: { readonly ttlSeconds?: number }): Promise<string>;
}

type Callback = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export async function createDevelopmentIssuers(options: DevelopmentIssuersOptions): Promise<DevelopmentIssuers> {
  const { publicUrl, identities } = options;
  const folder = join(options.stateDir, OIDC_FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret = clientSecret(folder);
  const callbacks = new Map<string, Callback>();
  for (const issuer of playedIssuers(options)) {
    const own = identities.filter((identity) => identity.issuer === issuer.name);
    const url = developmentIssuerUrl(publicUrl, issuer.name);
    const key = await signingKeyOf(issuer, folder);
    const provider = createProvider({
      issuer,
      url,
      identities: own,
      key,
      secret,
      publicUrl: publicUrl.replace(/\/$/, ''),
    });
    callbacks.set(issuer.name, withChoice(provider, own));
  }
  return {
    names: [...callbacks.keys()],
    handle: (request, response) => route(request, response, { callbacks, identities, publicUrl }),
    tokenFor(name, overrides) {
      const identity = identities.find((candidate) => candidate.name === name);
      if (!identity) return Promise.reject(new Error(`no development identity is called ${name}`));
      return requestToken({ issuerUrl: developmentIssuerUrl(publicUrl, identity.issuer), name, secret, ...overrides });
    },
  };
}

/** An identity of an issuer that gateway.yaml does not have could never be trusted: say so at the start. */
function playedIssuers({ issuers, identities }: DevelopmentIssuersOptions): readonly Issuer[] {
  const stray = identities.find(({ issuer }) => !issuers.some(({ name }) => name === issuer));
  if (stray) {
    throw new StartFailure(
      `local/identities.yaml: identity "${stray.name}" names the issuer "${stray.issuer}", which gateway.yaml does not have; add it there or name one of: ${issuers.map(({ name }) => name).join(', ')}.`,
    );
  }
  return issuers.filter(({ name }) => identities.some(({ issuer }) => issuer === name));
}

/** The provider, and the one page of its sign-in that it leaves to whoever runs it. */
function withChoice(provider: Provider, identities: readonly Identity[]): Callback {
  const callback = provider.callback();
  return (request, response) =>
    /^\/interaction\/[\w-]+$/.test(request.url ?? '')
      ? chooseIdentity(provider, identities, request, response)
      : callback(request, response);
}

interface Routing {
  readonly callbacks: ReadonlyMap<string, Callback>;
  readonly identities: readonly Identity[];
  readonly publicUrl: string;
}

async function route(request: IncomingMessage, response: ServerResponse, routing: Routing): Promise<boolean> {
  const url = request.url ?? '';
  if (url === '/oidc') {
    listIdentities(response, routing);
    return true;
  }
  const [, name = '', rest = ''] = /^\/oidc\/([a-z0-9-]+)(\/.*)$/.exec(url) ?? [];
  const callback = routing.callbacks.get(name);
  if (!callback) return false;
  // The provider finds its mount point by comparing the two, and builds its addresses from the Host header: give it
  // the configured one, so that the discovery document says the same whatever name it was asked under.
  Object.assign(request, { originalUrl: url, url: rest });
  request.headers.host = new URL(routing.publicUrl).host;
  await callback(request, response);
  return true;
}

/** Who can be asked for, without any secret: what `countersign token` chooses from. */
function listIdentities(response: ServerResponse, { identities, publicUrl }: Routing): void {
  const list = identities.map(({ name, issuer }) => ({
    name,
    issuer,
    issuerUrl: developmentIssuerUrl(publicUrl, issuer),
  }));
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ identities: list }));
}
