import type { Scope } from '../lineage/scope.ts';
import type { Walk } from './walk.ts';

/** Where an expression stands: the walk it belongs to and the names it can see. */
export interface Place {
  readonly walk: Walk;
  readonly scope: Scope;
  /** It decides which rows there are, and shows in no value: what EXISTS tells there, its own conditions say already. */
  readonly decides?: true;
}
