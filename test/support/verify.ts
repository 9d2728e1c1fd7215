import { createDiskLedger } from '../../infra/cli/archive/disk-ledger.ts';
import { verifyingKey } from '../../shared/gateway/record/digests/digest-object.ts';
import type { HourRange } from '../../shared/gateway/record/verify/check-digests.ts';
import { verifyArchive, type VerifyReport } from '../../shared/gateway/record/verify/verify-archive.ts';
import { memoryObjects } from './memory-objects.ts';

export type Objects = Map<string, Uint8Array>;

export interface Verification {
  readonly pems: readonly string[];
  readonly now: Date;
  readonly range?: HourRange;
  readonly anchor?: Objects;
}

const readerOf = (objects: Objects) => {
  const reader = memoryObjects();
  for (const [key, bytes] of objects) reader.objects.set(key, bytes);
  return reader;
};

/** `verifyArchive` over objects in memory, with a ledger on disk as the command has one. */
export async function verifyObjects(
  objects: Objects,
  { pems, now, range = {}, anchor }: Verification,
): Promise<VerifyReport> {
  const keys = pems.map((pem) => {
    const key = verifyingKey(pem);
    if (!key.ok) throw new Error(key.error);
    return key.value;
  });
  const ledger = await createDiskLedger();
  try {
    const copies = anchor === undefined ? {} : { anchor: readerOf(anchor) };
    const report = await verifyArchive({ reader: readerOf(objects), keys, ledger, clock: () => now, ...copies }, range);
    if (!report.ok) throw new Error(report.error.message);
    return report.value;
  } finally {
    await ledger.close();
  }
}
