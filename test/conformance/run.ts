import { execFile, spawn } from 'node:child_process';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { startStackProcess } from '../bench/stack-process.ts';

/** Pinned: another release may ask otherwise. It is fetched by npx when it is wanted, and no part of the project. */
const SUITE = '@modelcontextprotocol/conformance@0.1.16';
/** Scenarios for what this server serves. The others call tools, prompts and resources that only the suite's own server has. */
const SCENARIOS = ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'];

/** `npm run test:conformance`: the official conformance suite of MCP against `/mcp` of a stack of its own. */
async function main(): Promise<boolean> {
  const stack = await startStackProcess();
  const command = ['infra/cli/main.ts', 'token', 'ci-agent', '--state', stack.stateDir];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  const proxy = await withToken(new URL(stack.url), stdout.trim());
  try {
    const { port } = proxy.address() as AddressInfo;
    let sound = true;
    for (const scenario of SCENARIOS) sound = (await passes(`http://localhost:${port}/mcp`, scenario)) && sound;
    return sound;
  } finally {
    proxy.close();
    await stack.stop();
  }
}

/** The suite sends no token: this adds one, and passes everything else on as it came. */
function withToken(target: URL, token: string): Promise<Server> {
  const server = createServer((asked, answer) => {
    const { hostname, port } = target;
    const headers = { ...asked.headers, authorization: `Bearer ${token}` };
    const onward = request({ hostname, port, path: asked.url, method: asked.method, headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    asked.pipe(onward);
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    }),
  );
}

function passes(url: string, scenario: string): Promise<boolean> {
  const args = ['--yes', SUITE, 'server', '--url', url, '--scenario', scenario];
  return new Promise((resolve) => {
    spawn('npx', args, { stdio: ['ignore', 'inherit', 'inherit'] }).on('close', (code) => {
      resolve(code === 0);
    });
  });
}

process.exitCode = (await main()) ? 0 : 1;
