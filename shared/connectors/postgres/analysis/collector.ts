import { unreadable } from '../../../domain/effect.ts';
import type { Effect, Span } from '../../../domain/effect.ts';
import type { ReadSite } from '../lineage/scope.ts';
import { SQL_ACTIONS } from './vocabulary.ts';
import type { SqlAction, SqlAttributes, SqlResourceKind } from './vocabulary.ts';

/** What a rule has to say of an effect; the rest is defaults. */
export interface Finding {
  readonly action: SqlAction;
  readonly kind: SqlResourceKind;
  readonly name: string;
  readonly at?: Span | undefined;
  readonly attributes?: Partial<SqlAttributes>;
  /** Absent: the resource has none, or they are not known. Shared sets grow until the walk ends. */
  readonly columns?: Set<string>;
  /** Counts only once a column is in it: an UPDATE reads its target only where it names its columns. */
  readonly implied?: boolean;
}

interface Draft extends Finding {
  readonly spans: Span[];
}

/** Positions kept of one effect: an IN-list of calls need not repeat itself a thousand times in an answer. */
const MAX_SPANS = 16;

/** Different effects of one statement; the gateway judges 500. */
const MAX_EFFECTS = 2_000;

/** Gathers effects while a statement is walked: the same effect on the same thing once, with all its places. */
export class Collector {
  /** By what they say, then by the set of columns they share: a thousand subqueries may read one table. */
  readonly #drafts = new Map<string, Map<Set<string> | undefined, Draft>>();
  readonly #unreadable = new Map<string, Effect>();
  expensive = false;
  crossJoin = false;

  add(finding: Finding): void {
    const key = JSON.stringify([finding.action, finding.kind, finding.name, finding.attributes ?? {}]);
    if (this.#drafts.size >= MAX_EFFECTS && !this.#drafts.has(key)) {
      this.unreadable('The statement has more effects than can be judged. Split it.');
      return;
    }
    const drafts = this.#drafts.get(key) ?? new Map<Set<string> | undefined, Draft>();
    this.#drafts.set(key, drafts);
    const known = drafts.get(finding.columns) ?? { ...finding, spans: [] };
    drafts.set(finding.columns, known);
    if (finding.at !== undefined && known.spans.length < MAX_SPANS) known.spans.push(finding.at);
  }

  /** A relation that is read; its columns follow as names are resolved. */
  site(finding: Finding): ReadSite {
    const columns = new Set<string>();
    this.add({ ...finding, columns });
    return { columns };
  }

  unreadable(why: string, at?: Span): void {
    if (this.#unreadable.size < MAX_SPANS && !this.#unreadable.has(why)) this.#unreadable.set(why, unreadable(why, at));
  }

  get isUnreadable(): boolean {
    return this.#unreadable.size > 0;
  }

  /** The findings so far, for one who adds them again under another light (a view's, an EXPLAIN's). */
  findings(): readonly Finding[] {
    return [...this.#drafts.values()].flatMap((drafts) =>
      [...drafts.values()].map(({ spans, ...finding }) => ({ ...finding, at: spans[0] })),
    );
  }

  reasons(): readonly string[] {
    return [...this.#unreadable.keys()];
  }

  /** `otherwise` is the place of what has none of its own. */
  effects(otherwise?: Span): Effect[] {
    const known = [...this.#drafts.values()]
      .map((drafts) => happened([...drafts.values()]))
      .filter((drafts) => drafts.length > 0)
      .map((drafts) => this.#effect(drafts, otherwise));
    const all = [...known, ...this.#unreadable.values()];
    return all.length > 0
      ? all
      : [this.#effect([{ action: 'sql:select', kind: 'constant', name: 'constant', spans: [] }], otherwise)];
  }

  #effect(drafts: readonly Draft[], otherwise: Span | undefined): Effect {
    const [first] = drafts;
    if (first === undefined) throw new TypeError('an effect without a finding');
    const own = uniqueSpans(drafts.flatMap((draft) => draft.spans));
    const spans = own.length > 0 || otherwise === undefined ? own : [otherwise];
    const columns = drafts.every((draft) => draft.columns !== undefined)
      ? [...new Set(drafts.flatMap((draft) => [...(draft.columns ?? [])]))].sort()
      : undefined;
    return {
      action: first.action,
      group: SQL_ACTIONS[first.action],
      resource: { kind: first.kind, name: first.name, ...(columns === undefined ? {} : { columns }) },
      attributes: { ...this.#defaults(first.action), ...first.attributes },
      ...(spans.length === 0 ? {} : { at: spans }),
    };
  }

  #defaults(action: SqlAction): SqlAttributes {
    const reads = SQL_ACTIONS[action] === 'read' && action !== 'sql:show';
    return {
      ...DEFAULTS,
      reversible: reversible(action),
      crossJoin: reads && this.crossJoin,
      expensive: reads && (this.expensive || this.crossJoin),
    };
  }
}

function happened(drafts: readonly Draft[]): readonly Draft[] {
  return drafts.filter((draft) => draft.implied !== true || (draft.columns?.size ?? 0) > 0);
}

const DEFAULTS: SqlAttributes = {
  unbounded: false,
  crossJoin: false,
  expensive: false,
  locks: false,
  system: false,
  indirect: false,
  via: '',
  securityDefiner: false,
  reversible: 'no',
};

/** A row change can be undone from an image taken before it; nothing else can. */
function reversible(action: SqlAction): string {
  if (SQL_ACTIONS[action] === 'read' || action === 'sql:lock') return 'yes';
  return action === 'sql:insert' || action === 'sql:update' || action === 'sql:delete' ? 'before-image' : 'no';
}

function uniqueSpans(spans: readonly Span[]): Span[] {
  const byStart = new Map(spans.map((span) => [`${span.start}:${span.end}`, span]));
  return [...byStart.values()].sort((a, b) => a.start - b.start).slice(0, MAX_SPANS);
}
