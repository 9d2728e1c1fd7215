import { PostgresCatalogue } from '../../../shared/connectors/postgres/catalogue/index.ts';
import { analyze } from '../../../shared/connectors/postgres/understanding.ts';
import { relation, shop } from '../../postgres/support/catalogue.ts';
import { cost, growthTable, type Point } from './measure.ts';

const catalogueOf = (tables: number): Promise<PostgresCatalogue> =>
  PostgresCatalogue.create({
    ...shop,
    relations: Array.from({ length: tables }, (_none, index) => relation(`table_${index}`, 'id name total at')),
  });

/** Of so many bytes, and new at every call, so that nothing remembered answers. */
function statementOf(bytes: number, round: number): string {
  const head = `SELECT id, name FROM table_1 WHERE id = '${round}'`;
  const values: string[] = [];
  for (let length = head.length + 20; length < bytes; length += 12) values.push(`'v${1e6 + values.length}'`);
  return values.length === 0 ? head : `${head} OR name IN (${values.join(', ')})`;
}

let round = 0;
const reading = (catalogue: PostgresCatalogue, bytes: number) => async (): Promise<boolean> =>
  (await analyze({ text: statementOf(bytes, (round += 1)) }, catalogue)).ok;

export async function growthOfStatements(): Promise<string> {
  const catalogue = await catalogueOf(100);
  const points: Point[] = [];
  const refused: string[] = [];
  for (const size of [100, 1_000, 10_000, 100_000, 1_048_576]) {
    points.push({ size, ms: await cost(reading(catalogue, size)) });
    if (!(await reading(catalogue, size)())) refused.push(size.toLocaleString('en'));
  }
  const said =
    refused.length === 0 ? '' : `\n\nOf ${refused.join(' and ')} bytes it is refused as having too many parts.`;
  return growthTable('bytes of a statement', { 'analysis, an IN-list of constants': points }) + said;
}

export async function growthOfCatalogues(): Promise<string> {
  const lines: Record<'read' | 'made', Point[]> = { read: [], made: [] };
  for (const size of [10, 100, 1_000, 10_000]) {
    const started = performance.now();
    const catalogue = await catalogueOf(size);
    lines.made.push({ size, ms: performance.now() - started });
    lines.read.push({ size, ms: await cost(reading(catalogue, 100)) });
  }
  return growthTable('tables in the catalogue', {
    'analysis of a short statement': lines.read,
    'making the catalogue, once': lines.made,
  });
}
