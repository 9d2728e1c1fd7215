import type { Span } from '../../../domain/effect.ts';
import type { SourceColumn } from '../../../domain/lineage.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import { canonical } from '../catalogue/index.ts';
import type { Offsets } from '../grammar/offsets.ts';
import type { Entry } from '../lineage/scope.ts';
import { Budget } from './budget.ts';
import { Collector } from './collector.ts';
import type { Finding } from './collector.ts';
import { Inferences } from './infer/inferences.ts';
import { Listening } from './listening.ts';
import type { Heard } from './listening.ts';
import { Places } from './places.ts';
import { UserCode, builtinComparisons } from './user-code.ts';
import { SQL_ACTIONS } from './vocabulary.ts';

const NO_CATALOGUE =
  'Reading this statement needs the catalogue of the database, and the gateway has none. Try again in a moment; if it stays so, an operator finds the reason in the log under "catalogue could not be taken".';

/**
 * The state of one walk over one statement (or over one definition in the catalogue, `via` that object). The rules are
 * functions; what they find out together is here.
 */
export class Walk {
  readonly catalogue: PostgresCatalogue | undefined;
  readonly found = new Collector();
  /** What it tells of columns apart from showing them. Of this text alone: a view's own conditions are its owner's. */
  readonly flows = new Inferences();
  readonly #places: Places;
  readonly #listening = new Listening();
  readonly #via: string | undefined;
  readonly #read = new WeakSet();
  readonly #users = new UserCode();
  readonly #budget: Budget;
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
    around?: { readonly budget: Budget; readonly inside: ReadonlySet<string> },
  ) {
    this.#budget = around?.budget ?? new Budget();
    this.#inside = around?.inside ?? new Set();
    this.catalogue = catalogue;
    this.#places = new Places(offsets);
    this.#via = via;
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
    const findings = inner.found.findings();
    if (!this.step(findings.length)) return;
    for (const finding of findings) this.add({ ...finding, at });
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
    this.found.add(this.#indirect({ ...finding, at: finding.at ?? this.#places.ofName(finding) }));
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

  span(location: number | undefined): Span | undefined {
    return this.#places.span(location);
  }

  locate(parts: readonly string[]): Span | undefined {
    return this.#places.locate(parts);
  }

  verb(): Span | undefined {
    return this.#places.verb();
  }

  /** Work that looks through a list of this length: sixteen looks weigh as much as one visit. */
  looks(length: number): void {
    this.step(length >> 4);
  }

  /** False once the walk has taken more steps than any honest statement needs. */
  step(cost = 1): boolean {
    const within = this.#budget.spend(cost);
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
  listen<T>(part: () => T): Heard<T> {
    return this.#listening.to(part);
  }

  touch(entries: Iterable<Entry>, columns: Iterable<SourceColumn>): void {
    this.#listening.touch(entries, columns);
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
