import type { Connection } from '../../contracts/config/connection.ts';
import type { Agent } from '../../domain/caller.ts';
import type { Lineage } from '../../domain/lineage.ts';
import { classifiedFields } from '../../masking/document/fields.ts';
import { planMasks, type MaskPlan } from '../../masking/plan.ts';
import type { Circumstances } from '../../policy/engine.ts';
import type { Runtime } from '../runtime.ts';

/** What of an answer is shown to this agent: lineage says where a column comes from, policy whether it may be revealed. */
export function masksFor(
  runtime: Runtime,
  agent: Agent,
  connection: Connection,
  lineage: Lineage,
  circumstances: Circumstances,
): MaskPlan {
  const { masking } = runtime.bundle.gateway;
  return planMasks(lineage, {
    classify: (column) => runtime.classify(connection.name, column),
    mayReveal: (column, found) =>
      runtime.engine.mayReveal(agent, connection, { ...column, class: found.class }, circumstances),
    strategyOf: (className) => masking.strategies[className] ?? { kind: 'redact' },
    fieldsOf: ({ relation, fields }) => classifiedFields(masking, connection.name, relation, fields),
  });
}
