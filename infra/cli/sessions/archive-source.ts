import { maskedResultSchema } from '../../../shared/contracts/record/result.ts';
import { BLOBS } from '../../../shared/domain/digest.ts';
import type { MaskedResult } from '../../../shared/domain/result-set.ts';
import type { Session } from '../../../shared/domain/session.ts';
import type { ObjectReader } from '../../../shared/gateway/ports/object-store.ts';
import { sha256Hex } from '../../../shared/platform/canonical.ts';
import { archivedSessions, findArchived } from '../archive/archived-sessions.ts';
import { matches } from './matches.ts';
import type { Filter, Row, SessionSource } from './source.ts';

/** An archive, without the gateway: what has ended, whoever asked for it. Oldest first, as it lies there. */
export function createArchiveSource(reader: ObjectReader, warn: (line: string) => void): SessionSource {
  return {
    list: (filter, limit) => list(reader, warn, filter, limit),
    story: async (id) => {
      const found = await findArchived(reader, id);
      if (found === undefined) throw new Error(`${id} is not in this archive`);
      if (found.kind === 'skipped') throw new Error(`${found.key}: ${found.why}`);
      if (found.kind === 'act') throw new Error(`${id} is an act of a person on the gateway, not a session`);
      const result = await archivedResult(reader, found.session);
      return { session: found.session, ...(result === undefined ? {} : { result }) };
    },
  };
}

async function* list(
  reader: ObjectReader,
  warn: (line: string) => void,
  filter: Filter,
  limit: number,
): AsyncGenerator<Row> {
  let left = limit;
  for await (const found of archivedSessions(reader, filter)) {
    if (found.kind === 'skipped') warn(`skipped ${found.key}: ${found.why}`);
    if (found.kind !== 'session') continue;
    const statement = filter.text === undefined ? '' : await statementOf(reader, found.session);
    if (!matches(found.session, filter, statement)) continue;
    yield rowOf(found.session);
    left -= 1;
    if (left === 0) return;
  }
}

function rowOf({ id, status, startedAt, submitted, decided }: Session): Row {
  const effects = (decided?.effects ?? []).map(({ action, resource }) => `${action} ${resource.name}`);
  return { session: id, status, connection: submitted.connection, startedAt, agent: submitted.agent.name, effects };
}

/** The statement as it was sent, in place or from its blob; of one that is not what its name says, nothing. */
async function statementOf(reader: ObjectReader, { submitted: { statement } }: Session): Promise<string> {
  if ('text' in statement) return statement.text;
  return new TextDecoder().decode(await blobOf(reader, statement.blob.sha256));
}

/** The masked answer, in place or from its blob. A blob that is not what its name says is not shown. */
export async function archivedResult(reader: ObjectReader, session: Session): Promise<MaskedResult | undefined> {
  if (session.outcome?.kind !== 'succeeded') return undefined;
  const { result } = session.outcome;
  if ('inline' in result) return result.inline;
  const bytes = await blobOf(reader, result.blob.sha256);
  if (bytes === undefined) return undefined;
  const parsed = maskedResultSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  return parsed.success ? parsed.data : undefined;
}

async function blobOf(reader: ObjectReader, sha256: string): Promise<Uint8Array | undefined> {
  const bytes = await reader.read(`${BLOBS}${sha256}`);
  return bytes.ok && bytes.value !== undefined && sha256Hex(bytes.value) === sha256 ? bytes.value : undefined;
}
