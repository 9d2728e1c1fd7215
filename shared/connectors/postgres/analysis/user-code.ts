import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { CastFacts } from '../catalogue/model.ts';
import type { Finding } from './collector.ts';

/** A finding that holds only if these types take part in the statement. */
interface Conditional {
  readonly types: readonly string[];
  readonly finding: Finding;
  /** Anonymous rows do not count: a built-in takes them as they are. */
  readonly named: boolean;
}

/** `'a' || x` is SQL inside and casts x to text; to_json(x) uses a cast to json where there is one. */
const MADE_BY_BUILTINS: ReadonlySet<string> = new Set(['pg_catalog.text', 'pg_catalog.json', 'pg_catalog.jsonb']);

const ofUsers = (types: readonly string[]): string[] => types.filter((type) => !type.startsWith('pg_catalog.'));

/**
 * Code that no name in the text calls: operators, casts and overloads of user types. Which of it may run is known only
 * when the whole statement has been walked, so what was seen is kept here until then.
 */
export class UserCode {
  readonly #types = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #conditional: Conditional[] = [];
  /** Rows without a named type take part: they become any composite type by themselves. */
  #records = false;

  /** A value of this type takes part. False when that was known. */
  type(canonicalType: string): boolean {
    const isNew = !this.#types.has(canonicalType);
    this.#types.add(canonicalType);
    return isNew;
  }

  /** A row as one value, of the type of this relation or of none that has a name. */
  row(relation: string | undefined): void {
    if (relation !== undefined) this.#types.add(relation);
    this.#records = true;
  }

  /** The text asks for values of this type: `::date`, `CAST`, `date(…)`. */
  asksFor(canonicalType: string): void {
    this.#asked.add(canonicalType);
  }

  when(types: readonly string[], finding: Finding, named: boolean): void {
    this.#conditional.push({ types: ofUsers(types), finding, named });
  }

  /** Nothing of it can run, nor make anything else run. */
  get isEmpty(): boolean {
    return this.#types.size === 0 && this.#conditional.length === 0 && !this.#records;
  }

  absorb(inner: UserCode): void {
    for (const type of inner.#types) this.#types.add(type);
    for (const type of inner.#asked) this.#asked.add(type);
    this.#records ||= inner.#records;
    this.#conditional.push(...inner.#conditional);
  }

  /** What may run after all. `writes`: the statement stores values. */
  runs(catalogue: PostgresCatalogue | undefined, writes: boolean): Finding[] {
    const overloads = this.#conditional
      .filter(({ types, named }) => types.every((type) => this.#takesPart(type, named, catalogue)))
      .map(({ finding }) => finding);
    const casts = (catalogue?.casts ?? []).filter((cast) => this.#mayCast(cast, writes));
    return [...overloads, ...casts.map(castFinding)];
  }

  /** A value of a domain's base type becomes the domain by itself, an anonymous row any composite. */
  #takesPart(type: string, named: boolean, catalogue: PostgresCatalogue | undefined): boolean {
    if (this.#types.has(type)) return true;
    const kind = catalogue?.typeNamed(type)?.kind;
    return kind === undefined || kind === 'd' || (kind === 'c' && this.#records && !named);
  }

  /**
   * A cast runs if a user type on one of its sides takes part and, unless it is implicit, something asks for its target:
   * the text, a stored value, or (for text and JSON) any of the many built-ins that make their arguments into one.
   */
  #mayCast({ source, target, context }: CastFacts, writes: boolean): boolean {
    const types = ofUsers([source, target]);
    if (types.length > 0 && !types.some((type) => this.#types.has(type))) return false;
    if (context === 'i' || MADE_BY_BUILTINS.has(target) || this.#asked.has(target)) return true;
    return context === 'a' && writes;
  }
}

function castFinding({ source, target, function: name }: CastFacts): Finding {
  const attributes = { indirect: true, via: `cast ${source} as ${target}` };
  return { action: 'sql:call', kind: 'function', name, attributes };
}

/**
 * Where somebody gave a built-in type another default operator class (`json` has none, arrays have a general one), any
 * comparison may run its functions: types of values are not followed here.
 */
export function builtinComparisons(catalogue: PostgresCatalogue | undefined): Finding[] {
  const attributes = { indirect: true, via: 'operator class of a built-in type' };
  return (catalogue?.builtinComparisons ?? []).map((name) => ({
    action: 'sql:call',
    kind: 'function',
    name,
    attributes,
  }));
}
