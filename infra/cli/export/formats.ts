import { canonicalJson } from '../../../shared/platform/canonical.ts';
import { toJson } from '../../../shared/platform/json-value.ts';
import type { Session } from '../../../shared/domain/session.ts';
import { COLUMNS } from './columns.ts';
import { CSV_HEAD, csvLine } from './csv.ts';
import { ocsfEvents } from './ocsf.ts';
import { SessionParquet } from './parquet.ts';
import { TextWriter, type ExportWriter } from './writer.ts';

export interface Format<T = Session> {
  /** Name of the file in the folder of its day. */
  readonly file: string;
  readonly open: (path: string) => Promise<ExportWriter<T>>;
}

/** The columns as members, and the whole chain beside them. */
const ndjsonLine = (session: Session): string => {
  const cells = COLUMNS.map(({ name, of }) => [name, of(session)] as const);
  const row = Object.fromEntries(cells.map(([name, cell]) => [name, cell instanceof Date ? cell.toISOString() : cell]));
  return canonicalJson(toJson({ ...row, chain: session.events }));
};

export const FORMATS = {
  ndjson: {
    file: 'sessions.ndjson',
    open: (path) => TextWriter.create(path, (session) => [ndjsonLine(session)]),
  },
  csv: {
    file: 'sessions.csv',
    open: (path) => TextWriter.create(path, (session) => [csvLine(session)], { head: CSV_HEAD, end: '\r\n' }),
  },
  parquet: { file: 'sessions.parquet', open: (path) => Promise.resolve(new SessionParquet(path)) },
  ocsf: {
    file: 'events.ndjson',
    open: (path) =>
      TextWriter.create(path, (session) => ocsfEvents(session).map((event) => canonicalJson(toJson(event)))),
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
