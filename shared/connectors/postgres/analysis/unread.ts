import type { Node } from 'libpg-query';
import type { Walk } from './walk.ts';

/** Leaves: they hold a value and nothing that could act. */
const LEAVES: ReadonlySet<string> = new Set([
  'A_Const',
  'String',
  'Integer',
  'Float',
  'Boolean',
  'BitString',
  'ParamRef',
  'A_Star',
  'SQLValueFunction',
  'SetToDefault',
]);

/** Marks a part of the tree as read whole, for parts that only name or configure. */
export function readWhole(walk: Walk, root: object | undefined): void {
  if (root === undefined) return;
  const pending: object[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    walk.reads(node);
    for (const child of Object.values(node)) if (isObject(child)) pending.push(child);
  }
}

/**
 * The last check of every walk: each node of the tree must have been read by a rule. A rule that forgets a member, or a
 * new version of the grammar that adds one, ends here as unreadable instead of passing unseen.
 */
export function refuseUnread(walk: Walk, statement: Node): void {
  const pending: { readonly value: object; readonly within: string }[] = [{ value: statement, within: 'statement' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [name, child] of Object.entries(next.value)) {
      if (LEAVES.has(name) || !isObject(child)) continue;
      if (!Array.isArray(child) && !isWrapper(child) && !walk.hasRead(child)) {
        walk.unreadable(`No rule reads \`${name}\` inside ${next.within}.`);
        return;
      }
      pending.push({ value: child, within: Array.isArray(next.value) || isWrapper(next.value) ? next.within : name });
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** `{SelectStmt: {…}}`, and `{}` in a list where the grammar has nothing to say. */
function isWrapper(value: object): boolean {
  const names = Object.keys(value);
  return names.length === 0 || (names.length === 1 && /^[A-Z]/.test(names[0] ?? ''));
}
