import { beforeAll, describe, expect, it } from 'vitest';
import type { PostgresCatalogue } from '../../shared/connectors/postgres/catalogue/index.ts';
import { analyze } from '../../shared/connectors/postgres/understanding.ts';
import { shopCatalogue } from './support/catalogue.ts';

let shop: PostgresCatalogue;
beforeAll(async () => {
  shop = await shopCatalogue();
});

/** `action name → the text it points at`, of effects that the text itself names. */
async function places(text: string): Promise<string[]> {
  const analysis = await analyze({ text }, shop);
  if (!analysis.ok) return [analysis.error.code];
  return analysis.value.effects
    .map((effect) => {
      const at = (effect.at ?? []).map((span) => text.slice(span.start, span.end)).join(' + ');
      return `${effect.action} ${effect.resource.name} → ${at}`;
    })
    .sort();
}

describe('every effect points at what in the text causes it', () => {
  it.each<[string, string[]]>([
    ['SELECT 1', ['sql:select constant → SELECT']],
    ['/* a /* b */ */ -- c\n (SELECT 1)', ['sql:select constant → SELECT']],
    [
      'SELECT * FROM "customers", payments p WHERE p.id = 1 AND name = 2',
      ['sql:select public.customers → "customers"', 'sql:select public.payments → payments'],
    ],
    [
      "SELECT 'é', evil(1), public.evil(2) FROM customers",
      ['sql:call public.evil → evil + public.evil', 'sql:select public.customers → customers'],
    ],
    ['SELECT * FROM contacts', ['sql:select public.contacts → contacts', 'sql:select public.customers → contacts']],
    [
      'DELETE FROM customers',
      [
        'sql:delete public.customers → customers',
        'sql:delete public.orders → customers',
        'sql:trigger public.audit → customers',
      ],
    ],
    [
      'DROP TABLE IF EXISTS other.customers, payments',
      ['sql:drop other.customers → other.customers', 'sql:drop public.payments → payments'],
    ],
    ['DROP TRIGGER audit_orders ON public.orders', ['sql:drop public.orders → public.orders']],
    ['DROP FUNCTION evil(int)', ['sql:drop public.evil → evil']],
    ['DROP SCHEMA other', ['sql:drop other → other']],
    ['DROP ROLE bob', ['sql:role bob → bob']],
    [
      'ALTER TABLE payments DROP COLUMN amount',
      ['sql:alter public.payments → payments', 'sql:drop public.payments → payments'],
    ],
    ["ALTER TYPE mood ADD VALUE 'x'", ['sql:alter public.mood → mood']],
    ['ALTER FUNCTION evil(int) IMMUTABLE', ['sql:alter public.evil → evil']],
    ['CREATE INDEX i ON payments (amount)', ['sql:alter public.payments → payments']],
    ['CREATE EXTENSION hstore', ['sql:create hstore → hstore']],
    ['GRANT SELECT ON payments TO bob', ['sql:grant public.payments → payments']],
    ['TRUNCATE payments', ['sql:truncate public.payments → payments']],
    ['SET search_path = other', ['sql:set search_path → search_path']],
    ['RESET ALL', ['sql:set all → ALL']],
    ['SET ROLE bob', ['sql:role bob → bob']],
    ['SHOW work_mem', ['sql:show work_mem → work_mem']],
    [
      'COPY payments TO PROGRAM $$sh$$',
      ['sql:copy-program program → PROGRAM', 'sql:select public.payments → payments'],
    ],
    ["COPY payments FROM '/etc/x'", ["sql:copy-file /etc/x → '/etc/x'", 'sql:insert public.payments → payments']],
    ['DO $$ BEGIN END $$', ['sql:do block → DO']],
    ['BEGIN', ['sql:transaction transaction → BEGIN']],
    ['NOTIFY room', ['sql:notify room → room']],
    ['VACUUM payments', ['sql:maintain public.payments → payments']],
    ['CALL audit()', ['sql:call audit → audit', 'sql:call public.audit → audit']],
    ['SELECT * FROM nowhere', ['sql:select nowhere → nowhere', 'unreadable statement → nowhere']],
    ['SELECT nothing FROM payments', ['sql:select public.payments → payments', 'unreadable statement → nothing']],
  ])('%s', async (text, expected) => {
    expect(await places(text)).toEqual(expected);
  });
});
