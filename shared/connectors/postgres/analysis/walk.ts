import type { Span } from '../../../domain/effect.ts';
import type { SourceColumn } from '../../../domain/lineage.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import { canonical } from '../catalogue/index.ts';
import type { Offsets } from '../grammar/offsets.ts';
import type { Entry } from '../lineage/scope.ts';
import { Locator } from '../grammar/locator.ts';
import { Collector } from './collector.ts';
import type { Finding } from './collector.ts';
import { UserCode, builtinComparisons } from './user-code.ts';
import { SQL_ACTIONS } from './vocabulary.ts';

/**
 * Work of one walk, in visits of a plain expression (1 to 2 µs; dearer rules count for more). With the limits of the
 * grammar's side it keeps every shape that was found under 200 ms on one core; an honest statement of 24 KB takes 5,000.
 */
const MAX_STEPS = 60_000;

const NO_CATALOGUE =
  'Reading this statement needs the catalogue of the database, and the gateway has none. Try again in a moment; if it stays so, an operator finds the reason in the log under "catalogue could not be taken".';

/**
 * The state of one walk over one statement (or over one definition in the catalogue, `via` that object). The rules are
 * functions; what they find out together is here.
 */
export class Walk {
  readonly catalogue: PostgresCatalogue | undefined;
  readonly found = new Collector();
  readonly #offsets: Offsets | undefined;
  readonly #via: string | undefined;
  readonly #read = new WeakSet();
  readonly #users = new UserCode();
  readonly #locator: Locator | undefined;
  /** Innermost last: who wants to hear which entries and columns a part of the statement touches. */
  readonly #listeners: { entries: Set<Entry>; columns: Set<SourceColumn> }[] = [];
  /** Shared with the walks inside, so that definitions within definitions cannot multiply the work. */
  readonly #budget: { steps: number };
  /** Stored expressions that this walk stands in: row policies may refer to each other in a circle. */
  readonly #inside: ReadonlySet<string>;
  /** Inside EXPLAIN without ANALYZE: what would be written is only planned. */
  planning = false;
  /** Set by `finish`: user-defined operators, casts or overloads may run on values of this statement. */
  runsUserCode = false;
  needsCatalogue = false;
  /** A query was walked: it may compare values, if only to tell rows apart. */
  queries = false;

  constructor(
    catalogue: PostgresCatalogue | undefined,
    offsets: Offsets | undefined,
    via?: string,
    around?: { readonly budget: { steps: number }; readonly inside: ReadonlySet<string> },
  ) {
    this.#budget = around?.budget ?? { steps: 0 };
    this.#inside = around?.inside ?? new Set();
    this.catalogue = catalogue;
    this.#offsets = offsets;
    this.#via = via;
    this.#locator = offsets === undefined ? undefined : new Locator(offsets.text);
  }

  /** A walk over a definition that this statement reaches, kept for other statements too: its findings are indirect. */
  inner(via: string): Walk {
    return new Walk(this.catalogue, undefined, via);
  }

  /** A walk over an expression inside this one; undefined where it stands in itself already. */
  within(via: string, expression: string): Walk | undefined {
    if (this.#inside.has(expression)) return undefined;
    const inside = new Set([...this.#inside, expression]);
    return new Walk(this.catalogue, undefined, via, { budget: this.#budget, inside });
  }

  /** Takes over what an inner walk found; `at` is what in the text reached it. */
  absorb(inner: Walk, at?: Span): void {
    for (const finding of inner.found.findings()) this.add({ ...finding, at });
    for (const why of inner.found.reasons()) this.found.unreadable(why, at);
    this.#users.absorb(inner.#users);
    this.needsCatalogue ||= inner.needsCatalogue;
    this.queries ||= inner.queries;
  }

  /** Found nothing, and nothing that something found later could make matter. */
  get isEmpty(): boolean {
    return this.#users.isEmpty && this.found.findings().length === 0 && !this.found.isUnreadable;
  }

  add(finding: Finding): void {
    this.found.add(this.#indirect({ ...finding, at: finding.at ?? this.#byName(finding) }));
  }

  /** Where the tree keeps no place, the name itself is looked for in the text. */
  #byName({ name, kind, attributes }: Finding): Span | undefined {
    if (this.#locator === undefined || kind === 'constant' || attributes?.indirect === true) return undefined;
    const parts = name.split('.');
    return this.locate([name]) ?? this.locate(parts) ?? this.locate(parts.slice(-1));
  }

  site(finding: Finding): ReturnType<Collector['site']> {
    return this.found.site(this.#indirect(finding));
  }

  #indirect(given: Finding): Finding {
    const group = SQL_ACTIONS[given.action];
    // Planning takes the same table locks as running, so a lock stays one.
    const runs =
      group === 'read' || given.action === 'sql:lock' || (group === 'execute' && given.action !== 'sql:rule');
    const planned = this.planning && !runs;
    const finding: Finding = planned ? { ...given, action: 'sql:explain' } : given;
    if (this.#via === undefined) return finding;
    return { ...finding, attributes: { via: this.#via, ...finding.attributes, indirect: true } };
  }

  unreadable(why: string, location?: number): void {
    this.found.unreadable(why, this.span(location));
  }

  /** Something only the catalogue can tell. Without it the statement is not read; with it, it may be out of date. */
  lacks(what: string, location?: number): void {
    this.needsCatalogue = true;
    const why = this.catalogue === undefined ? NO_CATALOGUE : what;
    this.unreadable(why, this.catalogue === undefined ? undefined : location);
  }

  /** The place of a token, from the parser's byte offset. Definitions have no place in the statement. */
  span(location: number | undefined): Span | undefined {
    return this.#offsets?.token(location);
  }

  /** The place of a name in the text, where the parser keeps none: the next token run that spells it. */
  locate(parts: readonly string[]): Span | undefined {
    return this.#locator?.next(parts);
  }

  /** The first word of the statement: the place of an effect that has no name of its own. */
  verb(): Span | undefined {
    return this.#locator?.verb();
  }

  /** Work that looks through a list of this length: sixteen looks weigh as much as one visit. */
  looks(length: number): void {
    this.step(length >> 4);
  }

  /** False once the walk has taken more steps than any honest statement needs. */
  step(cost = 1): boolean {
    this.#budget.steps += cost;
    const within = this.#budget.steps <= MAX_STEPS;
    if (!within) this.unreadable('The statement is too large to be judged. Split it.');
    return within;
  }

  /** Marks a node as read by a rule. Whatever no rule has read makes the statement unreadable. */
  reads(...nodes: readonly (object | undefined)[]): void {
    for (const node of nodes) if (node !== undefined) this.#read.add(node);
  }

  hasRead(node: object): boolean {
    return this.#read.has(node);
  }

  /** A user type takes part: what is defined over it (operators, casts, overloads) may run. False when that was known. */
  usesType(canonicalType: string): boolean {
    return this.#users.type(canonicalType);
  }

  usesRow(relation: string | undefined): void {
    this.#users.row(relation);
  }

  asksFor(canonicalType: string): void {
    this.#users.asksFor(canonicalType);
  }

  addIfTypesTakePart(types: readonly string[], finding: Finding, named = false): void {
    this.#users.when(types, this.#indirect(finding), named);
  }

  /** Runs `part` and tells which entries and columns it touched. */
  listen<T>(part: () => T): {
    readonly value: T;
    readonly entries: ReadonlySet<Entry>;
    readonly columns: ReadonlySet<SourceColumn>;
  } {
    const listener = { entries: new Set<Entry>(), columns: new Set<SourceColumn>() };
    this.#listeners.push(listener);
    const value = part();
    this.#listeners.pop();
    return { value, ...listener };
  }

  touch(entries: Iterable<Entry>, columns: Iterable<SourceColumn>): void {
    if (this.#listeners.length === 0) return;
    const touched = [[...entries], [...columns]] as const;
    for (const listener of this.#listeners) {
      for (const entry of touched[0]) listener.entries.add(entry);
      for (const column of touched[1]) listener.columns.add(column);
    }
  }

  /** Settles what depended on the whole statement: overloads, operators and casts of user types that take part. */
  finish(): void {
    const writes = this.found.findings().some((finding) => SQL_ACTIONS[finding.action] === 'write');
    for (const finding of this.#users.runs(this.catalogue, writes)) {
      this.runsUserCode = true;
      this.add(finding);
    }
    if (this.queries) for (const finding of builtinComparisons(this.catalogue)) this.add(finding);
  }

  /** The catalogue's facts of a user type, when the name means one. */
  userType(schema: string | undefined, name: string): string | undefined {
    const type = this.catalogue?.type(schema, name);
    return type === undefined ? undefined : canonical(type);
  }
}
