import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** An HTTP API event of `POST /v1/execute`, as API Gateway hands it to the function. */
export function executeEvent(token: string, statement: string) {
  return {
    rawPath: '/v1/execute',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    requestContext: { routeKey: 'POST /v1/execute', requestId: 'bench', http: { method: 'POST', path: '/v1/execute' } },
    body: JSON.stringify({ connection: 'orders', statement }),
    isBase64Encoded: false,
  };
}

/** A token of the demo's agent, from the stack that runs on a state folder. */
export async function agentToken(stateDir: string): Promise<string> {
  const command = ['infra/cli/main.ts', 'token', 'ci-agent', '--state', stateDir];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return stdout.trim();
}
