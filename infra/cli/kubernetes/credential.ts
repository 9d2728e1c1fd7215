import { Command } from 'commander';
import { decodeJwt } from 'jose';
import { tokenFrom, tokenSourceSchema } from './token-source.ts';

/** `countersign credential`: the credential plugin that `countersign kubeconfig` names. kubectl runs it, people rarely. */
export function credentialCommand(): Command {
  return new Command('credential')
    .description('print a token as kubectl takes it from a credential plugin (ExecCredential)')
    .option('--as <identity>', 'a development identity of the running stack, e.g. ci-agent')
    .option('--token-file <file>', 'a file that always holds a current token (default: $COUNTERSIGN_TOKEN)')
    .option('--state <dir>', 'state folder of the stack (default: $COUNTERSIGN_STATE or .countersign)')
    .action(async (given: unknown) => {
      const token = await tokenFrom(tokenSourceSchema.parse(given));
      process.stdout.write(`${JSON.stringify(credential(token))}\n`);
    });
}

/** `client.authentication.k8s.io/v1`. Whether the token is good is for the gateway to say; its end is told so that kubectl asks again. */
function credential(token: string): object {
  const { exp } = decodeJwt(token);
  const end = exp === undefined ? {} : { expirationTimestamp: new Date(exp * 1_000).toISOString() };
  return { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token, ...end } };
}
