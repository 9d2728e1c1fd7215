import { read } from '../../../shared/connectors/kubernetes/analysis/index.ts';
import type { AttributeValue } from '../../../shared/domain/effect.ts';
import { UNREADABLE } from '../../../shared/domain/effect.ts';
import type { KubeCase } from './case.ts';

/** The one registry that the cases trust. */
const REGISTRIES = ['registry.example.com'];

export interface Found {
  readonly is: KubeCase['is'];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** What reading makes of a case, in the words of the table. */
export function readingOf({ text, body }: Pick<KubeCase, 'text' | 'body'>): Found {
  const found = read({ text, ...(body === undefined ? {} : { body }) }, REGISTRIES);
  if (!found.ok) return { is: 'refused', attributes: {} };
  const actions = found.value.effects.map(({ action }) => action);
  return {
    is: actions.includes(UNREADABLE) ? 'unreadable' : actions,
    attributes: found.value.effects[0]?.attributes ?? {},
  };
}
