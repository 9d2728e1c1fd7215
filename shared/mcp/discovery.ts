import type { GatewayConfig } from '../contracts/config/gateway.ts';

/** Where `/mcp` is described: the path of the resource goes behind the well-known part (RFC 9728 section 3.1). */
export const METADATA_PATH = '/.well-known/oauth-protected-resource/mcp';

/** OAuth 2.0 Protected Resource Metadata (RFC 9728): where a client that was turned away finds who makes its tokens. */
export function resourceMetadata({ publicUrl, issuers }: GatewayConfig): Readonly<Record<string, unknown>> {
  return {
    resource: new URL('/mcp', publicUrl).href,
    resource_name: 'Countersign',
    authorization_servers: issuers.filter((issuer) => issuer.for === 'agents').map(({ url }) => url),
    bearer_methods_supported: ['header'],
  };
}

/** The challenge of a refused call with the place of the metadata added (RFC 9728 section 5.1). */
export function withMetadata(challenge: string, { publicUrl }: GatewayConfig): string {
  const parameter = `resource_metadata="${new URL(METADATA_PATH, publicUrl).href}"`;
  return /^Bearer$/i.test(challenge.trim()) ? `Bearer ${parameter}` : `${challenge}, ${parameter}`;
}
