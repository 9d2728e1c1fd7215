import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiskLedger } from '../../infra/cli/archive/disk-ledger.ts';
import { createFolderReader } from '../../infra/cli/archive/folder-reader.ts';
import { exportArchive } from '../../infra/cli/export/export-archive.ts';
import { FORMATS, type FormatName } from '../../infra/cli/export/formats.ts';
import { verifyingKey } from '../../shared/gateway/record/digests/digest-object.ts';
import { verifyArchive } from '../../shared/gateway/record/verify/verify-archive.ts';
import { createFolderStore } from '../support/folder-store.ts';
import { generateArchive } from '../support/generated-archive.ts';

/**
 * `node_modules/.bin/node test/bench/record.ts [sessions]`: how fast an archive in a folder is verified and exported, as
 * a ratio to reading the same files and doing nothing with them.
 */
const sessions = Number(process.argv[2] ?? 5_000);
const root = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const archive = join(root, 'archive');
const reader = createFolderReader(archive);

async function timed(name: string, work: () => Promise<unknown>, against?: number): Promise<number> {
  const start = performance.now();
  await work();
  const ms = performance.now() - start;
  const ratio = against === undefined ? '' : `  ${(ms / against).toFixed(1)} x raw`;
  const rate = Math.round(sessions / (ms / 1_000));
  const memory = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${name.padEnd(16)} ${ms.toFixed(0).padStart(7)} ms  ${String(rate).padStart(6)} sessions/s  rss ${memory} MB${ratio}`,
  );
  return ms;
}

async function readRaw(): Promise<void> {
  for await (const object of reader.list('')) if (object.ok) await reader.read(object.value.key);
}

async function verify(pem: string, now: Date): Promise<void> {
  const key = verifyingKey(pem);
  if (!key.ok) throw new Error(key.error);
  const ledger = await createDiskLedger();
  const report = await verifyArchive({ reader, keys: [key.value], ledger, clock: () => now }, {});
  await ledger.close();
  if (!report.ok || !report.value.intact) throw new Error(JSON.stringify(report));
}

try {
  const { pem, now } = await generateArchive(createFolderStore(archive), { sessions, hours: 24 });
  await readRaw();
  const raw = await timed('read raw', readRaw);
  await timed('verify', () => verify(pem, now), raw);
  for (const format of Object.keys(FORMATS) as FormatName[]) {
    const job = { reader, source: archive, period: {}, format, out: join(root, format) };
    await timed(`export ${format}`, () => exportArchive(job), raw);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
