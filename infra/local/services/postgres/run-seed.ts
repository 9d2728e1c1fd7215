import pg from 'pg';
import { StartFailure } from '../../start-failure.ts';
import type { DatabaseSeed } from './databases-file.ts';

/** Runs the seed's files in order. @throws StartFailure with file, line and PostgreSQL's own words. */
export async function runSeed(owner: pg.Client, seed: DatabaseSeed): Promise<void> {
  for (const [index, sql] of seed.sql.entries()) {
    try {
      await owner.query(sql);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      throw new StartFailure(describe(error, sql, seed.files[index] ?? `seed of ${seed.connection}`));
    }
  }
}

function describe(error: pg.DatabaseError, sql: string, file: string): string {
  const more = [error.detail, error.hint].filter((part) => part !== undefined).join(' ');
  const place = error.position === undefined ? file : `${file}:${placeOf(sql, Number(error.position))}`;
  return `${place} ${error.message}${more === '' ? '' : ` (${more})`}. The seed was undone; mend the file and start again.`;
}

/** `line:column` of a position that PostgreSQL counts in characters from 1 (an emoji is one, in UTF-16 two). */
function placeOf(sql: string, position: number): string {
  const lines = Array.from(sql)
    .slice(0, position - 1)
    .join('')
    .split('\n');
  return `${lines.length}:${Array.from(lines.at(-1) ?? '').length + 1}`;
}
