/** What a function may be given. Each verb is one method of a construct: a permission and the setting that goes with it. */
export type Grant =
  /** Query and get on the sessions table. */
  | 'sessions:read'
  /** Also put and update, both under conditions. Nobody may delete. */
  | 'sessions:write'
  /** Bodies and results that are too large for an item. */
  | 'blobs:read'
  | 'blobs:write'
  /** Finished sessions: create, and read back what is there when creating says it exists. */
  | 'archive:write'
  /** Sign and write digests of the archive, read the ones before, and copy them to the anchor. */
  | 'digests:write'
  /** Outcomes that the table would not take: set aside, and found again. */
  | 'outcomes:write'
  | 'outcomes:read'
  | 'config:read'
  /** Run statements with each connection's credentials. */
  | 'targets:execute'
  /** The same without COMMIT: what is tried for a preview is only ever rolled back. */
  | 'targets:preview'
  /** Read the catalogue with each connection's read-only login, where it has one. */
  | 'targets:read'
  | 'workflow:start'
  /** Hand votes to a waiting execution. */
  | 'workflow:answer'
  | 'slack:read'
  /** Make keyed digests: of unmasked answers, for the record. */
  | 'installation-secret:read';

export interface FunctionSpec {
  /** One sentence for the console. */
  readonly does: string;
  /** `METHOD /path`, as the HTTP API spells it. */
  readonly routes: readonly string[];
  readonly grants: readonly Grant[];
  readonly timeoutSeconds: number;
  /** Processor share grows with memory: 1,769 MB is one whole vCPU (Lambda developer guide, "Memory and computing power"). */
  readonly memoryMb: number;
  /**
   * At most so many at once, and always room for so many: a flood of reads in another function must not keep an approved
   * statement from running, and an agent in a loop must not open more sessions than a database has.
   */
  readonly reservedConcurrency?: number;
}
