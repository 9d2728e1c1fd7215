import { Command } from 'commander';
import * as z from 'zod';
import { kmsClient } from '../../shared/aws/clients.ts';
import { createDigestSigner } from '../../shared/aws/digest-signer.ts';
import { useStack } from './archive/open-archive.ts';
import { runningStack } from './running-stack.ts';
import { UsageError } from './usage-error.ts';

const optionsSchema = z.object({
  keyId: z.string().min(1).optional(),
  fingerprint: z.boolean().default(false),
  state: z.string().optional(),
});

/** `countersign key`: the public key that verifies digests, from KMS itself and not from the archive it is to prove. */
export function keyCommand(): Command {
  return new Command('key')
    .description('print the public key that digests are signed with, in PEM')
    .option(
      '--key-id <id>',
      'id, ARN or alias of the KMS key (output DigestKeyArn of the stack); default: the running stack',
    )
    .option('--fingerprint', 'print its SHA-256 instead, to compare over another channel')
    .option('--state <dir>', 'state folder of the stack')
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given);
      const keyId = options.keyId ?? keyOfStack(options.state);
      const signer = createDigestSigner(kmsClient(), keyId);
      const key = await signer.publicKey();
      if (!key.ok) throw new Error(`key: ${key.error.message}`);
      process.stdout.write(options.fingerprint ? `${key.value.fingerprint}\n` : key.value.pem);
    });
}

function keyOfStack(state: string | undefined): string {
  const { environment } = runningStack(state);
  const id = environment['DIGEST_KEY_ID'];
  if (id === undefined) throw new UsageError('The running stack has no key for digests; restart it.');
  useStack(environment);
  return id;
}
