import type { Node } from 'libpg-query';
import { sha256Hex } from '../../../platform/canonical.ts';
import type { SourceColumn } from '../../../domain/lineage.ts';
import type { Catalogue } from '../../connector.ts';
import { parseBody, parseStatement } from '../grammar/index.ts';
import { as } from '../grammar/nodes.ts';
import type { CastFacts, FunctionFacts, OperatorFacts, RelationFacts, Snapshot, TypeFacts } from './model.ts';
import { asSelect, bodiesOf, relationTexts } from './texts.ts';

/**
 * The names of one database, ready to be looked up. Immutable. Definitions and expressions are parsed when it is made,
 * so that the walk over a statement waits for nothing.
 */
export class PostgresCatalogue implements Catalogue {
  readonly version: string;
  readonly searchPath: readonly string[];
  readonly eventTriggers: readonly string[];
  /** User functions that any comparison of built-in values may run. */
  readonly builtinComparisons: readonly string[];
  readonly #relations: ReadonlyMap<string, RelationFacts>;
  readonly #functions: ReadonlyMap<string, readonly FunctionFacts[]>;
  readonly #operators: ReadonlyMap<string, readonly OperatorFacts[]>;
  readonly #types: ReadonlyMap<string, TypeFacts>;
  readonly #children: ReadonlyMap<string, readonly RelationFacts[]>;
  readonly #volatileBuiltins: ReadonlySet<string>;
  readonly #parsed: ReadonlyMap<string, Node>;
  readonly #bodies: ReadonlyMap<string, readonly Node[]>;
  readonly #columns = new Map<string, SourceColumn>();
  readonly #tags: ReadonlyMap<string, readonly string[]>;
  readonly casts: readonly CastFacts[];

  private constructor(
    snapshot: Snapshot,
    parsed: ReadonlyMap<string, Node>,
    bodies: ReadonlyMap<string, readonly Node[]>,
  ) {
    // zod gives members in the order of the schema and the queries order their rows, so the same names give the same text.
    this.version = sha256Hex(JSON.stringify(snapshot));
    this.searchPath = snapshot.settings.searchPath;
    this.eventTriggers = snapshot.settings.eventTriggers;
    this.builtinComparisons = snapshot.settings.builtinComparisons ?? [];
    this.casts = snapshot.casts;
    this.#relations = new Map(snapshot.relations.map((relation) => [canonical(relation), relation]));
    this.#functions = Map.groupBy(snapshot.functions, canonical);
    this.#operators = Map.groupBy(snapshot.operators, (operator) => operator.name);
    this.#types = new Map(snapshot.types.map((type) => [canonical(type), type]));
    this.#children = childrenOf(snapshot.relations);
    this.#tags = tagsOf(snapshot.relations);
    this.#volatileBuiltins = new Set(snapshot.settings.volatileBuiltins);
    this.#parsed = parsed;
    this.#bodies = bodies;
  }

  static async create(snapshot: Snapshot): Promise<PostgresCatalogue> {
    const parsed = new Map<string, Node>();
    for (const text of textsOf(snapshot)) {
      const result = await parseStatement(text);
      if (result.ok) parsed.set(text, result.value.statement);
    }
    const bodies = new Map<string, readonly Node[]>();
    for (const text of bodiesOf(snapshot)) {
      const statements = await parseBody(text);
      if (statements !== undefined) bodies.set(text, statements);
    }
    return new PostgresCatalogue(snapshot, parsed, bodies);
  }

  /** The relation that a name means: in its schema, or in the first schema of the search path that has it. */
  relation(schema: string | undefined, name: string): RelationFacts | undefined {
    if (schema !== undefined) return this.#relations.get(`${schema}.${name}`);
    return this.#first((candidate) => this.#relations.get(`${candidate}.${name}`));
  }

  children(relation: RelationFacts): readonly RelationFacts[] {
    return this.#children.get(canonical(relation)) ?? [];
  }

  /** Every user function that a name can mean: overloads in all schemas of the path compete by argument types. */
  functions(schema: string | undefined, name: string): readonly FunctionFacts[] {
    const schemas = schema === undefined ? this.searchPath : [schema];
    return schemas.flatMap((candidate) => this.#functions.get(`${candidate}.${name}`) ?? []);
  }

  /** Every user operator that a name can mean. */
  operators(schema: string | undefined, name: string): readonly OperatorFacts[] {
    const schemas = schema === undefined ? this.searchPath : [schema];
    return (this.#operators.get(name) ?? []).filter((operator) => schemas.includes(operator.schema));
  }

  type(schema: string | undefined, name: string): TypeFacts | undefined {
    if (schema !== undefined) return this.#types.get(`${schema}.${name}`);
    return this.#first((candidate) => this.#types.get(`${candidate}.${name}`));
  }

  /** A type by canonical name. */
  typeNamed(name: string): TypeFacts | undefined {
    return this.#types.get(name);
  }

  /** User functions by canonical name. */
  functionsNamed(name: string): readonly FunctionFacts[] {
    return this.#functions.get(name) ?? [];
  }

  /** Names of the user functions of a schema. */
  functionsIn(schema: string): readonly string[] {
    return [...this.#functions.values()].flatMap(([first]) => (first?.schema === schema ? [canonical(first)] : []));
  }

  /** Statements of a function's body or of a rule's action; undefined when it was not or could not be parsed. */
  body(text: string): readonly Node[] | undefined {
    return this.#bodies.get(text);
  }

  relations(): Iterable<RelationFacts> {
    return this.#relations.values();
  }

  /** Does this server itself call the built-in volatile? */
  callsVolatile(builtin: string): boolean {
    return this.#volatileBuiltins.has(builtin);
  }

  /** The parsed form of a definition or expression that this catalogue holds as text. */
  parsed(text: string): Node | undefined {
    return this.#parsed.get(text);
  }

  /** One object a column, so that sets of columns are sets. */
  column(relation: string, column: string): SourceColumn {
    const key = `${relation}\0${column}`;
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const tags = this.#tags.get(key);
    const made = { relation, column, ...(tags === undefined ? {} : { tags }) };
    this.#columns.set(key, made);
    return made;
  }

  #first<T>(lookup: (schema: string) => T | undefined): T | undefined {
    for (const schema of this.searchPath) {
      const found = lookup(schema);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export function canonical(named: { readonly schema: string; readonly name: string }): string {
  return `${named.schema}.${named.name}`;
}

/** The expressions of `SELECT expression, …`, as `create` parsed it. */
export function expressionsOf(statement: Node | undefined): readonly Node[] {
  return (as(statement, 'SelectStmt')?.targetList ?? []).flatMap((target) => as(target, 'ResTarget')?.val ?? []);
}

function textsOf(snapshot: Snapshot): Set<string> {
  const types = snapshot.types.flatMap((type) => type.checks.map(asSelect));
  const defaults = snapshot.functions.flatMap((fact) => (fact.defaults === undefined ? [] : [asSelect(fact.defaults)]));
  return new Set([...snapshot.relations.flatMap(relationTexts), ...types, ...defaults]);
}

function tagsOf(relations: readonly RelationFacts[]): Map<string, readonly string[]> {
  return new Map(
    relations.flatMap((relation) =>
      relation.columns.flatMap(({ name, tags }) =>
        tags === undefined ? [] : [[`${canonical(relation)}\0${name}`, tags] as const],
      ),
    ),
  );
}

function childrenOf(relations: readonly RelationFacts[]): Map<string, RelationFacts[]> {
  const children = new Map<string, RelationFacts[]>();
  for (const relation of relations)
    for (const parent of relation.parents) children.set(parent, [...(children.get(parent) ?? []), relation]);
  return children;
}
