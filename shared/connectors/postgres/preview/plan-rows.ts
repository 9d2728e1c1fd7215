import * as z from 'zod';
import type { ResultSet } from '../../../domain/result-set.ts';

/** What is read of a plan (PostgreSQL, "Using EXPLAIN"); everything else in it is passed over. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Plan Rows': number;
  readonly 'Parent Relationship'?: string | undefined;
  readonly Plans?: readonly PlanNode[] | undefined;
}

const planNode: z.ZodType<PlanNode> = z.object({
  'Node Type': z.string(),
  'Plan Rows': z.number(),
  'Parent Relationship': z.string().optional(),
  get Plans() {
    return z.array(planNode).optional();
  },
});

const explained = z.tuple([z.object({ Plan: planNode })]);

/** Nodes of a plan that are looked at; a query over thousands of partitions has that many. */
const MAX_NODES = 50_000;

/** Rows that the planner expects to be changed or, of a statement that changes nothing, to be given. Undefined: not readable. */
export function plannedRows(answer: ResultSet): number | undefined {
  const text = answer.rows[0]?.[0];
  const parsed = explained.safeParse(typeof text === 'string' ? jsonOf(text) : undefined);
  if (!parsed.success) return undefined;
  const root = parsed.data[0].Plan;
  const nodes = everyNode(root);
  if (nodes === undefined) return undefined;
  const writes = nodes.filter((node) => node['Node Type'] === 'ModifyTable');
  // Without RETURNING a ModifyTable gives no rows itself: what it changes is what its input gives it.
  const inputs = writes.flatMap((node) => (node.Plans ?? []).filter(feeds));
  const rows = writes.length === 0 ? root['Plan Rows'] : inputs.reduce((sum, node) => sum + node['Plan Rows'], 0);
  return Math.round(rows);
}

/** Not the CTEs and subqueries that hang on it as well. */
const feeds = (node: PlanNode): boolean => ['Outer', 'Member'].includes(node['Parent Relationship'] ?? 'Outer');

function everyNode(root: PlanNode): readonly PlanNode[] | undefined {
  const nodes = [root];
  for (const node of nodes) {
    nodes.push(...(node.Plans ?? []));
    if (nodes.length > MAX_NODES) return undefined;
  }
  return nodes;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
