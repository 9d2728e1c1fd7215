import type { SessionFilter } from '../../gateway/ports/session-store.ts';

/** What of a filter is no key, as the parts of a query; `key` names what its key condition speaks of by `#`. */
export function filtersOf(filter: SessionFilter, key: readonly string[] = []) {
  const conditions = Object.entries(conditionsOf(filter)).filter(([, value]) => value !== undefined);
  const filters = conditions.map(([name]) =>
    CONTAINS.has(name) ? `contains(#${name}, :${name})` : `#${name} = :${name}`,
  );
  return {
    ...(filters.length === 0 ? {} : { FilterExpression: filters.join(' AND ') }),
    ...namesOf([...conditions.map(([name]) => name), ...key]),
    values: Object.fromEntries(conditions.map(([name, value]) => [`:${name}`, value])),
  };
}

/** A piece of a text, or one of a list. */
const CONTAINS = new Set(['search', 'people', 'resources']);

const conditionsOf = ({ connection, status, pipeline, subject, person, table, text, breakGlass }: SessionFilter) => ({
  breakGlass,
  connection,
  status,
  pipeline,
  subject,
  people: person,
  resources: table,
  search: text?.toLowerCase(),
});

const namesOf = (names: readonly string[]) =>
  names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])) };
