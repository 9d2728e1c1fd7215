import * as z from 'zod';
import { nameSchema } from './connection.ts';

const perMinute = z.int().min(1).max(100_000);
const perDay = z.int().min(1).max(1_000_000_000_000);

/** What a group or a connection may use, over all agents together. Absent: not limited here. */
const quotaSchema = z.strictObject({
  requestsPerMinute: perMinute.optional(),
  rowsPerDay: perDay.optional(),
  bytesPerDay: perDay.optional(),
  pending: z.int().min(1).max(1_000).optional(),
});

/** What one agent may use. */
const agentQuotaSchema = z
  .strictObject({
    /** A busy agent makes some sixty; a loop that has gone wrong makes thousands. The HTTP API itself stops at 6,000. */
    requestsPerMinute: perMinute.default(300),
    /** A thousand full answers. More is an export, and an export has its own way. */
    rowsPerDay: perDay.default(1_000_000),
    /** Of answers, as JSON: 1 GiB, a thousand times the largest that the Data API gives. */
    bytesPerDay: perDay.default(1_073_741_824),
  })
  .prefault({});

/**
 * A lease answers for people who are not asked again, so it is short. Off unless an approval policy says `@lease`.
 */
const leaseLimitsSchema = z
  .strictObject({
    /** As long as one piece of work; past it the reason that was given is another. */
    minutes: z.int().min(1).max(1_440).default(60),
    runs: z.int().min(1).max(10_000).default(100),
    /** Returned or changed, over all runs. */
    rows: z.int().min(1).max(1_000_000).default(10_000),
  })
  .prefault({});

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
    /**
     * Characters of a target's in one answer over MCP: some 25,000 tokens, where clients cut off by themselves. The most
     * keeps an answer, which holds them twice and escaped twice, below Lambda's 6 MB.
     */
    mcpCharacters: z.int().min(1_000).max(500_000).default(100_000),
    /** Seconds of a statement. The Data API cancels at 45 s, the synchronous HTTP answer ends at 29 s. */
    statementSeconds: z.int().min(1).max(45).default(20),
    /** Seconds that a poll or `wait` may hold the line: below the 30 s of an HTTP API integration. */
    waitSeconds: z.int().min(0).max(25).default(25),
    /** Approvals that one agent may have waiting: past it people stop reading. */
    pendingPerAgent: z.int().min(1).max(1_000).default(20),
    /** Each agent by itself. */
    agent: agentQuotaSchema,
    /** By name. */
    groups: z.record(nameSchema, quotaSchema).default({}),
    connections: z.record(nameSchema, quotaSchema).default({}),
    lease: leaseLimitsSchema,
  })
  .prefault({});

export type Limits = z.output<typeof limitsSchema>;
