import type { InferenceWay } from '../../../shared/domain/inference.ts';
import { constructs } from './cases-constructs.ts';
import { CONTROLS } from './cases-controls.ts';
import { DERIVED } from './cases-derived.ts';
import { DIRECT, SYSTEM } from './cases-direct.ts';
import { failures } from './cases-failures.ts';
import { hidden } from './cases-hidden.ts';
import { ERRORS } from './cases-errors.ts';
import { ORACLES } from './cases-oracles.ts';

export const CLASSES_OF_CASES = ['direct', 'derived', 'error', 'oracle', 'control'] as const;
export type CaseClass = (typeof CLASSES_OF_CASES)[number];

export interface Case {
  readonly class: CaseClass;
  readonly sql: string;
  /** How it is to end. A refusal for another reason, as one for a misspelt name, would show nothing of the masking. */
  readonly ends?: Ending;
}

/** Answered, with a masked column; failed at the target; or refused for what it would tell or move, perhaps among others. */
export type Ending = 'masked' | `failed ${string}` | InferenceWay | 'moves' | 'unreadable';

export const ending = (name: CaseClass, ends: Ending, statements: readonly string[]): Case[] =>
  statements.map((sql) => ({ class: name, sql, ends }));

/** A classified column, with the table that it is in and a key of that table. */
interface Column {
  readonly table: string;
  readonly name: string;
}

/** Text, number, and a column that is classified through a parent, by a view, by an heir. */
const COLUMNS: readonly Column[] = [
  { table: 'clients', name: 'email' },
  { table: 'clients', name: 'ssn' },
  { table: 'tokens', name: 'token' },
  { table: 'contacts', name: 'address' },
];

const filled = (template: string, { table, name }: Column): string =>
  template.replaceAll('{t}', table).replaceAll('{c}', name);

/** Templates with `{t}` or `{c}` stand for each of the columns, once a table where only that is named; the others are what they are. */
function cases(name: CaseClass, templates: readonly string[], columns: readonly Column[]): Case[] {
  return templates.flatMap((template) =>
    /\{[ct]\}/.test(template)
      ? [...new Set(columns.map((column) => filled(template, column)))].map((sql) => ({ class: name, sql }))
      : [{ class: name, sql: template }],
  );
}

export const allCases = (): readonly Case[] => [
  ...cases('direct', [...DIRECT, ...SYSTEM], COLUMNS),
  ...cases('derived', DERIVED, COLUMNS.slice(0, 2)),
  ...cases('error', ERRORS, COLUMNS.slice(0, 1)),
  ...cases('oracle', ORACLES, COLUMNS.slice(0, 1)),
  ...constructs(),
  ...failures(),
  ...hidden(),
  ...cases('control', CONTROLS, []),
];
