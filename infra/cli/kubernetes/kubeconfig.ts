import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import * as z from 'zod';
import { nameSchema } from '../../../shared/contracts/config/connection.ts';
import { runningStack } from '../running-stack.ts';
import { UsageError } from '../usage-error.ts';
import { tokenSourceSchema, wordsOf, type TokenSource } from './token-source.ts';

const optionsSchema = tokenSourceSchema.extend({
  url: z
    .url({ protocol: /^https$/, error: 'kubectl sends no token over plain http: give an https:// address' })
    .optional(),
  ca: z.string().optional(),
  namespace: z.string().optional(),
  output: z.string().optional(),
});

/** `countersign kubeconfig CONNECTION`: what `kubectl --kubeconfig` needs to go through the gateway. It holds no token. */
export function kubeconfigCommand(): Command {
  return new Command('kubeconfig')
    .description('print a kubeconfig for a connection: kubectl through the gateway, with a token fetched for each call')
    .argument('<connection>', 'a connection of kind kubernetes, e.g. shop')
    .option('--as <identity>', 'whose token, on the running stack: a development identity (default: ci-agent)')
    .option('--token-file <file>', 'a file that always holds a current token, read for each call')
    .option(
      '--url <url>',
      'the gateway, by https (default: the running stack); its token is in --token-file or $COUNTERSIGN_TOKEN',
    )
    .option('--ca <file>', 'the CA that signed its certificate, where it is not a public one')
    .option('--namespace <name>', 'namespace of requests that name none')
    .option('--output <file>', 'write it there, for its owner alone, instead of printing it')
    .option('--state <dir>', 'state folder of the stack (default: $COUNTERSIGN_STATE or .countersign)')
    .action((connection: string, given: unknown) => {
      const options = optionsSchema.parse(given);
      const text = stringify(kubeconfig(nameSchema.parse(connection), options));
      if (options.output === undefined) process.stdout.write(text);
      else writeFileSync(options.output, text, { mode: 0o600 });
    });
}

function kubeconfig(connection: string, options: z.output<typeof optionsSchema>): object {
  const { server, ca, source } = place(options);
  const name = `countersign-${connection}`;
  const { namespace } = options;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: `${server.replace(/\/$/, '')}/k8s/${connection}`,
          ...(ca === undefined ? {} : { 'certificate-authority': resolve(ca) }),
        },
      },
    ],
    users: [{ name, user: { exec: credentialPlugin(source) } }],
    contexts: [{ name, context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) } }],
    'current-context': name,
  };
}

/** Where the gateway is and whose tokens are used: as told, or the stack that runs here. */
function place(options: z.output<typeof optionsSchema>): { server: string; ca?: string; source: TokenSource } {
  const { url, ca, state, tokenFile } = options;
  const given = ca === undefined ? {} : { ca };
  const source = tokenFile === undefined ? {} : { tokenFile: resolve(tokenFile) };
  if (url !== undefined) return { server: url, ...given, source };
  const stack = runningStack(state);
  if (stack.secureUrl === undefined || stack.caFile === undefined)
    throw new UsageError('The running stack serves no TLS. Start it again with this version: npm start');
  const own = tokenFile === undefined ? { as: options.as ?? 'ci-agent', state: stack.state } : source;
  return { server: stack.secureUrl, ca: stack.caFile, ...given, source: own };
}

/** The client-go credential plugin (Kubernetes, "Authenticating", client-go credential plugins). It asks no questions. */
const credentialPlugin = (source: TokenSource): object => ({
  apiVersion: 'client.authentication.k8s.io/v1',
  command: process.execPath,
  args: [join(import.meta.dirname, '..', 'countersign.mjs'), 'credential', ...wordsOf(source)],
  interactiveMode: 'Never',
  provideClusterInfo: false,
});
