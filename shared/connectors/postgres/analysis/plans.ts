import { fromColumns, madeOf, unknownFrom } from '../lineage/provenance.ts';
import type { Provenance } from '../lineage/provenance.ts';
import { placesOf } from './partition-keys.ts';
import { byCanonical } from './relation-facts.ts';
import { SQL_ACTIONS } from './vocabulary.ts';
import type { Walk } from './walk.ts';

/** All columns that a statement was found to read so far, wherever. What calls code that is not read may tell of any. */
export function everythingRead(walk: Walk): Provenance {
  const findings = walk.found.findings();
  const relations = findings.flatMap(({ name }) => byCanonical(name, walk.catalogue) ?? []);
  const isHidden =
    findings.some(({ action }) => SQL_ACTIONS[action] === 'execute') ||
    relations.some((one) => one.policies.length > 0);
  if (isHidden || walk.found.isUnreadable) return unknownFrom('a plan may quote values of any column');
  const columns = findings.flatMap(({ name, columns: read = [] }) =>
    [...read].flatMap((column) => walk.catalogue?.column(name, column) ?? []),
  );
  return madeOf([fromColumns(...columns), ...relations.map((facts) => placesOf(facts, walk))]);
}
