import type { FuncCall, Node } from 'libpg-query';
import { canonical } from '../catalogue/index.ts';
import { as } from '../grammar/nodes.ts';
import { NOWHERE } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { leaves } from './infer/moves.ts';
import type { Walk } from './walk.ts';

/**
 * nextval and setval of a sequence that is named by a literal change that sequence and nothing else. Any other
 * spelling stays a call of the function: which sequence it means cannot be read.
 */
export function advance(
  walk: Walk,
  schema: string | undefined,
  name: string,
  node: FuncCall,
  values: Provenance,
): boolean {
  if ((schema !== undefined && schema !== 'pg_catalog') || (name !== 'nextval' && name !== 'setval')) return false;
  if ((walk.catalogue?.functions(schema, name).length ?? 0) > 0) return false;
  const sequence = sequenceNamed(walk, literal(node.args?.[0]));
  if (sequence === undefined) return false;
  walk.add({ action: 'sql:advance', kind: 'sequence', name: sequence, at: walk.span(node.location) });
  // `setval('s', ascii(email))` writes a number that anybody reads.
  leaves(values, sequence, walk, walk.span(node.location));
  // Whether it moved shows, as an error does: `CASE WHEN email < 'n' THEN nextval('s') END`.
  walk.flows.mayFail(NOWHERE);
  return true;
}

/** The sequence that a regclass literal names. */
export function sequenceNamed(walk: Walk, text: string | undefined): string | undefined {
  const parts = text
    ?.match(/"(?:[^"]|"")+"|[^".\s]+/g)
    ?.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()));
  const name = parts?.at(-1);
  if (parts === undefined || name === undefined || parts.length > 2) return undefined;
  const relation = walk.catalogue?.relation(parts.length === 2 ? parts[0] : undefined, name);
  return relation?.kind === 'S' ? canonical(relation) : undefined;
}

/** `'x'` or `'x'::regclass`. */
function literal(node: Node | undefined): string | undefined {
  return (as(node, 'A_Const') ?? as(as(node, 'TypeCast')?.arg, 'A_Const'))?.sval?.sval;
}
