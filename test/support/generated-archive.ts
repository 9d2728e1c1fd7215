import type { EventBody } from '../../shared/domain/event.ts';
import type { Session } from '../../shared/domain/session.ts';
import type { ObjectStore } from '../../shared/gateway/ports/object-store.ts';
import { archiveBytes, archiveKey } from '../../shared/gateway/record/archive-object.ts';
import { writeDigests } from '../../shared/gateway/record/digests/write-digests.ts';
import { sha256Hex } from '../../shared/platform/canonical.ts';
import { body, chainOf, newId, sessionFrom } from './chains.ts';
import { localSigner, memoryQueue, SILENT } from './digests.ts';
import { memoryObjects } from './memory-objects.ts';

/** When the archive of the tests begins, and when the last hour of it has its digest. */
export const BEGIN = Date.parse('2026-11-20T22:00:00.000Z');

export interface GeneratedArchive<S extends ObjectStore = ObjectStore> {
  readonly store: S;
  readonly pem: string;
  /** An instant at which a digest of the last hour would be missed. */
  readonly now: Date;
  readonly sessions: number;
}

const RESULT = Buffer.from(JSON.stringify({ columns: [], rows: [], rowCount: 0, truncated: false }));

/** Stories by turns: refused, answered in place, answered through a blob. */
function storyOf(index: number): EventBody[] {
  const statement = { text: `SELECT ${String(index)} FROM customers -- ${'x'.repeat(index % 50)}` };
  const submitted = body.submitted({ statement });
  if (index % 3 === 0) return [submitted, body.refused];
  const start: EventBody[] = [submitted, { ...body.decided }, body.intent];
  if (index % 3 === 1) return [...start, body.outcome];
  const blob = { sha256: sha256Hex(RESULT), bytes: RESULT.byteLength };
  const result = { blob, columns: [], rowCount: 0, truncated: false };
  return [...start, { type: 'outcome', data: { kind: 'succeeded', result, targetMs: 3 } }];
}

interface Size {
  readonly sessions?: number;
  readonly hours?: number;
  /** Sessions beside the generated ones. */
  readonly also?: readonly Session[];
  readonly name?: string;
  readonly signer?: ReturnType<typeof localSigner>;
}

/** An archive as the gateway leaves it: `sessions` over `hours`, one blob, a digest an hour. */
export async function generateArchive<S extends ObjectStore>(
  store: S,
  { sessions = 12, hours = 5, also = [], name = 'archive', signer = localSigner() }: Size = {},
): Promise<GeneratedArchive<S>> {
  const queue = memoryQueue();
  await store.create(`blobs/${sha256Hex(RESULT)}`, RESULT);
  const end = BEGIN + hours * 3_600_000;
  const generated = Array.from({ length: sessions }, (_, index) => {
    const at = new Date(BEGIN + Math.floor((index / sessions) * (end - BEGIN)));
    return sessionFrom(chainOf(newId(), storyOf(index), at));
  });
  for (const session of [...generated, ...also]) {
    const at = new Date(session.startedAt);
    const [key, bytes] = [archiveKey(session), archiveBytes(session)];
    await store.create(key, bytes);
    const object = { session: session.id, key, sha256: sha256Hex(bytes), bytes: bytes.byteLength };
    queue.deliver(object, new Date(at.getTime() + 1_000).toISOString());
  }
  const base = { queue, archive: store, archiveName: name, signer, log: SILENT };
  // The first run decides with which hour the record begins.
  for (const hour of [1, hours])
    await writeDigests({ ...base, clock: () => new Date(BEGIN + hour * 3_600_000 + 300_000) });
  return { store, pem: signer.pem, now: new Date(end + 3_600_000), sessions };
}

export const generateInMemory = (size?: Size) => generateArchive(memoryObjects(), size);
