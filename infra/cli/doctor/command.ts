import { Command } from 'commander';
import * as z from 'zod';
import { UsageError } from '../usage-error.ts';
import { checkDataApis, checkDigest, checkGateway, checkIssuers } from './checks.ts';
import { checkConfiguration } from './configuration.ts';
import { embeddedPlace } from './embedded-place.ts';
import { tell, type Finding } from './finding.ts';
import type { Place } from './place.ts';
import { checkSecrets } from './secrets.ts';
import { checkSlack } from './slack.ts';

const optionsSchema = z.object({
  stack: z.string().min(1).optional(),
  state: z.string().optional(),
  json: z.boolean().default(false),
});

/** Something is wrong: said by the exit code, as in `diff`. */
class Unwell extends Error {}

/** `countersign doctor`: is everything there that the gateway needs? Reads, and changes nothing. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check a gateway: configuration, issuers, secrets, Data API, Slack, digests, clock')
    .option(
      '--stack <name>',
      'a deployed stack, with the credentials and region of the AWS SDK; default: the stack running here',
    )
    .option('--state <dir>', 'state folder of the stack running here')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing is wrong, 1 something is, 2 asked wrongly. What cannot be found out is not wrong.',
    )
    .action(async (given: unknown) => {
      const { stack, state, json } = optionsSchema.parse(given);
      if (stack !== undefined && state !== undefined) throw new UsageError('Give --stack or --state, not both.');
      // The AWS clients that only this needs are loaded only then.
      const place = stack === undefined ? embeddedPlace(state) : await (await import('./aws-place.ts')).awsPlace(stack);
      const findings = await examine(place);
      process.stdout.write(json ? `${JSON.stringify({ findings })}\n` : `${findings.map(tell).join('\n')}\n`);
      const wrong = findings.filter((finding) => finding.state === 'wrong').length;
      if (wrong > 0) throw new Unwell(`doctor: ${String(wrong)} of ${String(findings.length)} are wrong`);
    });
}

/** Everything, side by side; what depends on the configuration only where there is one. */
export async function examine(place: Place, now = () => new Date()): Promise<readonly Finding[]> {
  const [gateway, configuration, digest] = await Promise.all([
    checkGateway(place, now),
    checkConfiguration(place.configBucket),
    checkDigest(place, now()),
  ]);
  if (!configuration.ok) return [...gateway, configuration.error, digest];
  const { bundle, finding } = configuration.value;
  const { issuers, connections, slack } = bundle.gateway;
  const more = await Promise.all([
    checkIssuers(issuers),
    checkSecrets(place, bundle.gateway),
    checkDataApis(place, connections),
    ...(slack === undefined ? [] : [checkSlack(slack, now).then((one) => [one])]),
  ]);
  return [...gateway, finding, ...more.flat(), digest];
}
