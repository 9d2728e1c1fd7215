import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGatewayClient, type GatewayClient } from '../../infra/local/demo/gateway-client.ts';
import { IMPACT_POLICIES } from './cases/impact.ts';
import { MCP_POLICIES } from './cases/mcp-hostile.ts';
import { startStack, type RunningStack } from '../../infra/local/stack.ts';
import { FLOW_POLICIES } from './cases/approval-flow.ts';

export interface World {
  readonly stack: RunningStack;
  readonly agent: GatewayClient;
  /** Raw HTTP, for what a well-behaved client would not send. */
  readonly raw: (path: string, init?: RequestInit) => Promise<Response>;
  readonly close: () => Promise<void>;
}

/**
 * One stack for all end-to-end cases: the demo's configuration, with one difference, that changes to products are asked
 * of two people and expire after ten seconds, which is the shortest that policies may say.
 */
export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  cpSync('config', join(folder, 'config'), { recursive: true });
  shorten(join(folder, 'config', 'policies', 'orders.cedar'));
  appendFileSync(join(folder, 'config', 'policies', 'analytics.cedar'), FLOW_POLICIES);
  const stack = await startStack({ port: 0, state: join(folder, 'state'), config: join(folder, 'config') });
  return {
    stack,
    agent: createGatewayClient(stack.url, await stack.tokenFor('ci-agent')),
    raw: (path, init) => fetch(`${stack.url}${path}`, init),
    close: async () => {
      await stack.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function shorten(file: string): void {
  const products = `
@id("products-need-two")
@approval("dba") @quorum("2") @expires("10s")
@message("Changes to products need two DBAs, at once.")
forbid (principal, action in Action::"write", resource == Resource::"orders/relation/public.products")
unless { context.approvals.contains("dba") };
`;
  writeFileSync(file, readFileSync(file, 'utf8') + products + IMPACT_POLICIES + MCP_POLICIES);
}
