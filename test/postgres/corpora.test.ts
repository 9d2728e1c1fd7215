import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Effect } from '../../shared/domain/effect.ts';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import { corpus } from '../support/corpora.ts';
import { shopCatalogue } from './support/catalogue.ts';

let shop: PostgresCatalogue;
beforeAll(async () => {
  shop = await shopCatalogue();
});

/** The corpora speak of tables that our catalogue lacks. That aside, is all of it a read? Stricter for writes, fairer to reads. */
const lacking = /needs the catalogue|^No (relation|column|table|type|function|operator|schema)/;
async function looksLikeRead(text: string): Promise<boolean> {
  const analysis = await analyze({ text }, shop);
  const matters = (effect: Effect): boolean =>
    effect.group !== 'unreadable' || !lacking.test(String(effect.attributes['why']));
  return analysis.ok && analysis.value.effects.filter(matters).every((effect) => effect.group === 'read');
}

function rows<T>(folder: string, file: string): T[] {
  const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

const regress = corpus('pg-regress');
describe.skipIf(regress === undefined)('PostgreSQL’s own regression statements (corpus pg-regress)', () => {
  it('no write and no lock comes out as a read, and nearly every read as one', { timeout: 120_000 }, async () => {
    const statements = rows<{ sql: string; class: string }>(regress ?? '', 'statements.jsonl');
    const missed: string[] = [];
    let [reads, kept] = [0, 0];
    for (const { sql, class: label } of statements) {
      if (label !== 'write' && label !== 'lock' && label !== 'read') continue;
      const isRead = await looksLikeRead(sql);
      if (label === 'read') [reads, kept] = [reads + 1, kept + (isRead ? 1 : 0)];
      else if (isRead) missed.push(sql);
    }
    expect(missed).toEqual([]);
    expect(kept / reads).toBeGreaterThan(0.99);
  });
});

const others = corpus('pg-third-party');
describe.skipIf(others === undefined)('statements that others refuse or allow (corpus pg-third-party)', () => {
  it('nothing that a read-only rule must refuse as a write is a read', async () => {
    const statements = rows<{ sql: string; expect: string; file: string }>(others ?? '', 'eszetael.jsonl');
    const mustNotRead = statements.filter((row) => row.expect === 'deny' && /smuggling|function|side/.test(row.file));
    expect(mustNotRead.length).toBeGreaterThan(10);
    for (const { sql } of mustNotRead) {
      const text = sql.replaceAll('{{T}}', 'customers').replaceAll('{{T2}}', 'orders').replaceAll('{{COL}}', 'email');
      const bomb = /repeat|lpad/.test(text);
      if (!bomb) expect([text, await looksLikeRead(text)]).toEqual([text, false]);
    }
  });
});
