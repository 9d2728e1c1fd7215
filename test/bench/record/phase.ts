import * as z from 'zod';
import { createDiskLedger } from '../../../infra/cli/archive/disk-ledger.ts';
import { createFolderReader } from '../../../infra/cli/archive/folder-reader.ts';
import { exportArchive } from '../../../infra/cli/export/export-archive.ts';
import { verifyingKey } from '../../../shared/gateway/record/digests/digest-object.ts';
import { verifyArchive } from '../../../shared/gateway/record/verify/verify-archive.ts';

/** One phase of the measure, in a process of its own: does it, and answers how long it took and how much memory at most. */
const jobSchema = z.object({
  phase: z.enum(['raw', 'verify', 'ndjson', 'csv', 'parquet', 'ocsf']),
  archive: z.string(),
  out: z.string(),
  pem: z.string(),
  now: z.string(),
});
const { phase, archive, out, pem, now } = jobSchema.parse(JSON.parse(process.argv[2] ?? ''));
const reader = createFolderReader(archive);
let bytes = 0;

async function readRaw(): Promise<void> {
  for await (const object of reader.list('')) {
    const read = object.ok ? await reader.read(object.value.key) : object;
    if (read.ok) bytes += read.value?.byteLength ?? 0;
  }
}

async function verify(): Promise<void> {
  const key = verifyingKey(pem);
  if (!key.ok) throw new Error(key.error);
  const ledger = await createDiskLedger();
  const report = await verifyArchive({ reader, keys: [key.value], ledger, clock: () => new Date(now) }, {});
  await ledger.close();
  if (!report.ok || !report.value.intact) throw new Error(JSON.stringify(report).slice(0, 1_000));
}

const started = performance.now();
if (phase === 'raw') await readRaw();
else if (phase === 'verify') await verify();
else await exportArchive({ reader, source: archive, period: {}, format: phase, out });
const ms = performance.now() - started;
// maxRSS is in kilobytes.
process.send?.({ ms, peakMb: process.resourceUsage().maxRSS / 1_000, bytes }, () => {
  process.disconnect();
});
