import type { Session } from '../../../shared/domain/session.ts';
import { COLUMNS, type Cell } from './columns.ts';

/** A row by RFC 4180; lines end in CR LF there. */
export const csvLine = (session: Session): string => COLUMNS.map(({ of }) => csvCell(of(session))).join(',');

export const CSV_HEAD = COLUMNS.map(({ name }) => name).join(',');

/**
 * Spreadsheets run a cell that begins with one of these as a formula, and statements are what agents wrote (OWASP, "CSV
 * Injection"): such a text gets an apostrophe before it. So do the wide forms that East Asian versions take for the same,
 * and what has only blanks or invisible characters before it. Whoever needs the exact bytes takes NDJSON or Parquet.
 */
const FORMULA = /^(?:[\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n])/u;

export function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
