import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import * as z from 'zod';
import { openArchive } from '../archive/open-archive.ts';
import { toInstant } from '../instant.ts';
import { bytesText, Progress } from '../progress.ts';
import { exportArchive, type Manifest } from './export-archive.ts';
import { FORMATS, type FormatName } from './formats.ts';

const formatSchema = z.enum(['ndjson', 'csv', 'parquet', 'ocsf']) satisfies z.ZodType<FormatName>;
const optionsSchema = z.object({
  format: formatSchema,
  out: z.string().min(1),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  archive: z.string().optional(),
  json: z.boolean().default(false),
  state: z.string().optional(),
});

export function exportCommand(): Command {
  return new Command('export')
    .description('write archived sessions as files, one a day, with a manifest; exit code 1 when objects were skipped')
    .addOption(new Option('--format <format>', 'what to write').choices(Object.keys(FORMATS)).makeOptionMandatory())
    .requiredOption('--out <dir>', 'a folder that is new or empty')
    .option('--from <instant>', 'begun at or after', toInstant)
    .option('--to <instant>', 'begun before', toInstant)
    .option('--archive <place>', 'a folder or s3://bucket/prefix (default: the archive of the running stack)')
    .option('--json', 'print the manifest')
    .option('--state <dir>', 'state folder of the stack')
    .action(async (given: unknown) => {
      const options = optionsSchema.parse(given);
      const manifest = await run(options);
      console.log(options.json ? JSON.stringify(manifest, null, 2) : summary(manifest, options.out));
      for (const { key, why } of manifest.skippedObjects) process.stderr.write(`skipped ${key}: ${why}\n`);
      if (manifest.skipped > 0) throw new Error(`export: ${String(manifest.skipped)} objects were skipped`);
    });
}

async function run({ format, out, from, to, archive, state }: z.output<typeof optionsSchema>): Promise<Manifest> {
  const { name, reader } = openArchive(archive, state);
  const progress = new Progress();
  let begin = from;
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  try {
    return await exportArchive({
      reader,
      source: name,
      period,
      format,
      out: resolve(out),
      onProgress: ({ sessions, at }) => {
        begin ??= at;
        progress.show(`${at.slice(0, 10)}  ${sessions} sessions`, shareOf(at, begin, to));
      },
    });
  } finally {
    progress.clear();
  }
}

/** How much of the time from the first session to the end of the period is done. */
function shareOf(at: string, from: string, to = new Date().toISOString()): number {
  const [begin, end, now] = [Date.parse(from), Date.parse(to), Date.parse(at)];
  return end > begin ? (now - begin) / (end - begin) : 1;
}

function summary({ sessions, files, skipped }: Manifest, out: string): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const left = skipped === 0 ? '' : `, ${skipped} objects skipped`;
  return `${sessions} sessions in ${files.length} files, ${bytesText(bytes)}, in ${out}${left}`;
}
