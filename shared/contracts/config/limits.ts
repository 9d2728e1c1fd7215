import * as z from 'zod';

/** Every limit of the gateway, with its default and the reason for it. */
export const limitsSchema = z
  .strictObject({
    /** A statement this long is no longer something a person can read; the parser is bounded at 1 MiB anyway. */
    statementBytes: z.int().min(64).max(1_048_576).default(262_144),
    /** The whole request. Statement + parameters + context; API Gateway itself stops at 10 MB. */
    requestBytes: z.int().min(1_024).max(4_194_304).default(1_048_576),
    /** Nesting of the JSON request. Deeper is never a statement, only an attack on a recursive reader. */
    requestDepth: z.int().min(4).max(128).default(32),
    /** Rows of an answer. An agent reads hundreds; the Data API stops at 1 MiB in any case. */
    resultRows: z.int().min(1).max(100_000).default(1_000),
    /** Seconds of a statement. The Data API cancels at 45 s, the synchronous HTTP answer ends at 29 s. */
    statementSeconds: z.int().min(1).max(45).default(20),
    /** Seconds that a poll or `wait` may hold the line: below the 30 s of an HTTP API integration. */
    waitSeconds: z.int().min(0).max(25).default(25),
    /** Approvals that one agent may have waiting: past it people stop reading. */
    pendingPerAgent: z.int().min(1).max(1_000).default(20),
  })
  .prefault({});

export type Limits = z.output<typeof limitsSchema>;
