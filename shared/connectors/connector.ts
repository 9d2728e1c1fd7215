import type { Connection } from '../contracts/config/connection.ts';
import type { Effect } from '../domain/effect.ts';
import type { Flows } from '../domain/classified-effects.ts';
import type { RowCount } from '../domain/impact.ts';
import type { Lineage, SourceColumn } from '../domain/lineage.ts';
import type { ResultSet, TargetOutcome } from '../domain/result-set.ts';
import type { Shape } from '../domain/shape.ts';
import type { Statement } from '../domain/statement.ts';
import type { Result } from '../platform/result.ts';

/**
 * A kind of target. The gateway knows nothing of SQL or Kubernetes: it asks a connector what a statement would do,
 * and hands it the statement to run. A new kind is a new folder with these, and one row in `registry.ts`.
 */
export interface Connector<C extends Connection = Connection> {
  readonly kind: string;
  /**
   * Takes the statement apart. A function of its arguments alone (a promise only because large statements are parsed on
   * a thread of their own): what it cannot read is the effect `unreadable`. Of the connection it may use what the
   * configuration says, and calls nothing. Never rejects.
   */
  analyze(
    statement: Statement,
    catalogue: Catalogue | undefined,
    connection: C,
  ): Promise<Result<Analysis, StatementFault>>;
  /** Where each output column comes from; unknown when in doubt. Never rejects. Cheap after `analyze` of the same text. */
  lineage(statement: Statement, catalogue: Catalogue | undefined): Promise<Lineage>;
  /** A snapshot of the target's own names, taken through the connection. */
  catalogue(connection: C): Promise<Result<Catalogue, TargetFault>>;
  /** What there is to be read, for agents that look around. Absent: this kind of target has no list of it. Never throws. */
  objects?(catalogue: Catalogue): readonly TargetObject[];
  /** Name (an ARN) of the credential that `execute` borrows for these effects. It goes on record with the intent. */
  credential(connection: C, effects: readonly Effect[]): string;
  /**
   * The statement without the values of its constants, so that an approver can answer for its like. `undefined`: this
   * statement has none that two readers would agree on. Absent: this kind of target has no shapes yet. Never rejects.
   */
  shapeOf?(statement: Statement): Promise<Shape | undefined>;
  /**
   * Rows that the target's planner expects to be touched, asked without running anything. `undefined`: it cannot tell,
   * or asking could run something. Absent: this kind of target has no planner. Never rejects.
   */
  estimate?(statement: Statement, connection: C, effects: readonly Effect[]): Promise<number | undefined>;
  /**
   * What it would touch, found out before people are asked, and without keeping anything: no statement is tried that
   * could have an effect outside of what is rolled back. Says how each number is known. Never throws.
   */
  preview(
    statement: Statement,
    connection: C,
    effects: readonly Effect[],
    catalogue: Catalogue | undefined,
  ): Promise<Preview>;
  /**
   * Why it could not be carried out here even if everybody agreed, so that nobody is asked in vain. `undefined`: nothing is
   * known against it. Absent: whatever this kind of target reads, it can run.
   */
  whyNotRun?(statement: Statement): string | undefined;
  /** Runs it, once. Only the tail (`gateway/run-statement.ts`) may call this. Never throws. */
  execute(
    statement: Statement,
    connection: C,
    effects: readonly Effect[],
    limits: ExecuteLimits,
  ): Promise<TargetOutcome>;
}

/** Opaque outside its connector, which narrows it with `instanceof`. `version` is the hash of its content. */
export interface Catalogue {
  readonly version: string;
  /** What is known of a column beside its name: the tags in its comment. Absent: this kind of target has none. */
  column?(relation: string, column: string): SourceColumn;
}

/** A table, a view, a kind of resource: something that a statement can name. */
export interface TargetObject {
  /** In the target's own words, e.g. `view`. */
  readonly kind: string;
  /** Canonical, e.g. `public.customers`. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Reads it whole. Never run: whoever policy would not let read it is not told of it. */
  readonly read: Statement;
}

/** With what the statement would tell of columns, or move, apart from showing them: which of them are classified, the gateway knows. */
export interface Analysis extends Flows {
  /** At least one. */
  readonly effects: readonly Effect[];
  /**
   * True when a name could not be resolved, or no catalogue was given and the statement needs one: the gateway then
   * takes a fresh catalogue and analyses once more. False leaves the decision free of any catalogue call.
   */
  readonly needsCatalogue: boolean;
}

/** Refused before analysis: not even one readable statement. Answered as 400 with this `code`. */
export interface StatementFault {
  readonly code:
    | 'statement_empty'
    | 'statement_too_large'
    | 'nul_byte'
    | 'invalid_unicode'
    | 'multiple_statements'
    | 'syntax_error'
    | 'too_deep'
    | 'parameters_invalid'
    | 'body_invalid';
  /** What is wrong and how to mend it, for the agent. */
  readonly message: string;
  /** Offset in the text, UTF-16 code units, where known. */
  readonly position?: number;
}

export interface TargetFault {
  readonly message: string;
}

export interface ExecuteLimits {
  readonly maxRows: number;
  readonly timeoutSeconds: number;
  /** The most rows it may change; more, or a number that cannot be had, and nothing is kept. Absent: not bound. */
  readonly rowsMax?: number;
}

export interface Preview {
  readonly rows: RowCount;
  /** What changes with it and is not in that number. */
  readonly uncounted: readonly string[];
  /** Why `rowsMax` cannot be enforced on this statement; absent: it can. */
  readonly unbindable?: string;
  /** A few rows, as they are and as they would be, and where each column comes from: not masked yet. */
  readonly sample?: { readonly result: ResultSet; readonly lineage: Lineage };
}
