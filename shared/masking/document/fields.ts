import type { Masking } from '../../contracts/config/masking.ts';
import type { FieldClass } from '../../domain/lineage.ts';
import { partMatcher } from '../classify.ts';

/** A field of a document with a class: by the configuration, or by the kind of target itself. */
export interface ClassifiedField extends FieldClass {
  /** Who says so: the pattern of the configuration, or `built in`. */
  readonly pattern: string;
  readonly segments: readonly ((name: string) => boolean)[];
}

/**
 * The fields of a relation that have a class. The fourth part of `connection.group.resource.path` is a path of names joined
 * by slashes, each of which may use `*`: `cluster.v1.configmaps.data/password`, `cluster.apps.deployments.spec/template`.
 * What the configuration says comes first.
 */
export function classifiedFields(
  { columns }: Pick<Masking, 'columns'>,
  connection: string,
  relation: string,
  builtIn: readonly FieldClass[],
): readonly ClassifiedField[] {
  const dot = relation.indexOf('.');
  const names = [connection, relation.slice(0, dot), relation.slice(dot + 1)];
  const configured = columns.flatMap(({ match, class: name }) => {
    const parts = match.split('.');
    const path = parts[3] ?? '';
    const fits = names.every((part, index) => partMatcher(parts[index] ?? '')(part));
    return fits ? [fieldOf({ path, class: name }, match)] : [];
  });
  return [...configured, ...builtIn.map((field) => fieldOf(field, BUILT_IN))];
}

export const BUILT_IN = 'built in';

const fieldOf = (field: FieldClass, pattern: string): ClassifiedField => ({
  ...field,
  pattern,
  segments: field.path.split('/').map(partMatcher),
});
