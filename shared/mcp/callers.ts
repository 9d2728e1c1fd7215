import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import type { GatewayConfig } from '../contracts/config/gateway.ts';

/**
 * A page in a browser on the agent's machine can reach what that machine reaches, under a name that was pointed at it
 * (DNS rebinding; MCP, "Security warning" of the transport). Only the gateway's own names are served, and only pages of
 * these names; clients that are no browser send no Origin.
 */
export function strangerIn(
  headers: Readonly<Record<string, string>>,
  { publicUrl, mcp }: Pick<GatewayConfig, 'publicUrl' | 'mcp'>,
): { readonly header: 'Host' | 'Origin' } | undefined {
  const own = new URL(publicUrl).hostname;
  if (!validateHostHeader(headers['host'], [own, ...mcp.hosts]).ok) return { header: 'Host' };
  if (!validateOriginHeader(headers['origin'], [own, ...mcp.origins]).ok) return { header: 'Origin' };
  return undefined;
}
