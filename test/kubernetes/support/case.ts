import type { JsonValue } from '../../../shared/platform/json-value.ts';

/** A request, and what reading it has to find. `not`: effects that it must not be taken for, whatever else it is. */
export interface KubeCase {
  readonly class: string;
  readonly text: string;
  readonly body?: JsonValue;
  /** All actions, in order; `refused` where it is no request to judge; `unreadable` where there is no rule. */
  readonly is: readonly string[] | 'refused' | 'unreadable';
  /** Attributes that are there among others. */
  readonly with?: Readonly<Record<string, JsonValue>>;
  readonly without?: readonly string[];
}

export type Row = readonly [
  text: string,
  is: KubeCase['is'],
  more?: Partial<Pick<KubeCase, 'body' | 'with' | 'without'>>,
];
export const of = (name: string, rows: readonly Row[]): KubeCase[] =>
  rows.map(([text, is, more]) => ({ class: name, text, is, ...more }));
