import { readFileSync } from 'node:fs';
import { styleText } from 'node:util';
import { Command } from 'commander';
import * as z from 'zod';
import { verifyingKey, type VerifyingKey } from '../../shared/gateway/record/digests/digest-object.ts';
import { verifyArchive, type VerifyReport } from '../../shared/gateway/record/verify/verify-archive.ts';
import { createDiskLedger } from './archive/disk-ledger.ts';
import { openArchive } from './archive/open-archive.ts';
import { toHour } from './instant.ts';
import { bytesText, Progress } from './progress.ts';
import { UsageError } from './usage-error.ts';

const optionsSchema = z.object({
  publicKey: z.array(z.string()),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  anchor: z.string().optional(),
  json: z.boolean().default(false),
  strict: z.boolean().default(false),
  state: z.string().optional(),
});

/** `countersign verify`: proves an archive from its objects and a public key alone. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('prove an archive: every chain, object, digest and signature; exit code 1 when anything is wrong')
    .argument('[path]', 'a folder, or s3://bucket/prefix (default: the archive of the running stack)')
    .requiredOption('--public-key <file...>', 'PEM of a key that is trusted to sign digests; see countersign key')
    .option('--from <hour>', 'first hour, e.g. 2026-11-21T07:00:00Z (default: the first that there is)', toHour)
    .option('--to <hour>', 'hour at which the copy ends, exclusive (default: now)', toHour)
    .option('--anchor <place>', 'copies of the digests in other hands, to compare: a folder, or s3://bucket/prefix')
    .option('--strict', 'what no digest vouches for yet counts as wrong, too')
    .option('--json', 'print the report as JSON')
    .option('--state <dir>', 'state folder of the stack')
    .action(async (path: string | undefined, given: unknown) => {
      const options = optionsSchema.parse(given);
      const report = await verify(path, options);
      console.log(options.json ? JSON.stringify(report, null, 2) : lines(report).join('\n'));
      if (!report.intact) throw new Error(`verify: ${String(report.wrong)} found wrong`);
      const open = report.unproven + report.loose;
      if (options.strict && open > 0) throw new Error(`verify: ${String(open)} not proven yet`);
    });
}

async function verify(path: string | undefined, options: z.output<typeof optionsSchema>): Promise<VerifyReport> {
  const keys = options.publicKey.map(readKey);
  const { name, reader } = openArchive(path, options.state);
  const [ledger, progress] = [await createDiskLedger(), new Progress()];
  const { from, to } = options;
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  try {
    const onProgress = ({ objects, bytes }: { objects: number; bytes: number }): void => {
      progress.show(`${name}: ${objects} objects, ${bytesText(bytes)}`);
    };
    const anchor = options.anchor === undefined ? {} : { anchor: openArchive(options.anchor).reader };
    const deps = { reader, keys, ledger, ...anchor, clock: () => new Date(), onProgress };
    const report = await verifyArchive(deps, range);
    if (report.ok) return report.value;
    throw new Error(`verify: ${name} cannot be read: ${report.error.message}`);
  } finally {
    progress.clear();
    await ledger.close();
  }
}

function readKey(file: string): VerifyingKey {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`--public-key ${file}: cannot be read`);
  }
  const key = verifyingKey(pem);
  if (key.ok) return key.value;
  throw new UsageError(`--public-key ${file}: ${key.error}`);
}

function lines(report: VerifyReport): string[] {
  const [first, ...others] = report.findings;
  if (first === undefined) return [`${styleText('green', 'intact')}: ${whatWasRead(report)}`, ...notProven(report)];
  const line = ({ what, key, message }: typeof first): string => `${styleText('red', what)} ${key}: ${message}`;
  const more = report.wrong > report.findings.length ? [`… and ${report.wrong - report.findings.length} more`] : [];
  return [
    `${styleText('red', 'not intact')}: ${whatWasRead(report)}`,
    `first: ${line(first)}`,
    ...others.map((one) => `       ${line(one)}`),
    ...more,
    ...notProven(report),
  ];
}

function whatWasRead({ archive, digests, sessions, blobs, bytes, from, until }: VerifyReport): string {
  const of = archive === undefined ? '' : ` of ${archive}`;
  const hours = from === undefined || until === undefined ? '' : `, hours from ${from} to ${until}`;
  return `${digests} digests${of}${hours}, ${sessions} sessions, ${blobs} blobs, ${bytesText(bytes)}`;
}

function notProven({ unproven, loose, looseObjects }: VerifyReport): string[] {
  const open = unproven === 0 ? [] : [`${unproven} sessions hold together and wait for the digest of their hour.`];
  if (loose === 0) return open;
  const what = 'objects are as their names say, and no session here refers to them (it may not have ended yet):';
  return [...open, `${styleText('yellow', String(loose))} ${what}`, ...looseObjects.map((key) => `       ${key}`)];
}
