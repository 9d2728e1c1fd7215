import type { Node } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import type { Entry } from '../lineage/scope.ts';
import type { Walk } from './walk.ts';

/** Which entries of a FROM are connected by a condition. What stays apart multiplies: a cross join. */
export class Connections {
  readonly #group = new Map<Entry, Entry>();

  add(entry: Entry): void {
    if (!this.#group.has(entry)) this.#group.set(entry, entry);
  }

  join(entries: ReadonlySet<Entry>): void {
    const [first, ...rest] = [...entries].filter((entry) => this.#group.has(entry));
    if (first !== undefined) for (const entry of rest) this.#group.set(this.#root(entry), this.#root(first));
  }

  /** At least two groups of entries that can have many rows. */
  separate(): boolean {
    const many = [...this.#group.keys()].filter((entry) => !entry.single);
    return new Set(many.map((entry) => this.#root(entry))).size > 1;
  }

  #root(entry: Entry): Entry {
    let at = entry;
    for (let next = this.#group.get(at); next !== undefined && next !== at; next = this.#group.get(at)) at = next;
    return at;
  }
}

/** The conditions that must all hold. */
export function conjuncts(node: Node | undefined, walk: Walk): Node[] {
  if (node === undefined) return [];
  const and = as(node, 'BoolExpr');
  if (and?.boolop !== 'AND_EXPR') return [node];
  walk.reads(and);
  return (and.args ?? []).flatMap((argument) => conjuncts(argument, walk));
}
