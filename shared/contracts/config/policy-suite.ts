import * as z from 'zod';
import { nameSchema } from './connection.ts';
import { jsonSchema } from '../json.ts';
import { durationSchema } from './duration.ts';

const text = z.string().max(10_000);

/** An agent as a claim rule makes it: its groups and owner come from `gateway.yaml`, so a test cannot drift from it. */
const suiteAgentSchema = z.strictObject({
  issuer: nameSchema,
  rule: nameSchema,
  /** Further groups, as a groups claim would bring them. */
  groups: z.array(nameSchema).max(50).default([]),
  subject: z.string().min(1).max(255).default('test'),
});

/** A table by its columns, or a view by its query. What a real catalogue adds (triggers, cascades) is not needed here. */
const suiteRelationSchema = z.union([
  z.array(z.string().min(1)).min(1),
  z.strictObject({ columns: z.array(z.string().min(1)).min(1), view: text }),
]);

const suiteEffectSchema = z.strictObject({
  action: z.string().min(1),
  /** `relation public.customers`: kind and name. */
  resource: z.string().regex(/^[a-z-]+ .+$/, 'kind and name, e.g. "relation public.customers"'),
  columns: z.array(z.string()).optional(),
  attributes: z.record(z.string(), z.union([z.boolean(), z.number(), z.string(), z.array(z.string())])).default({}),
});

export const DECISIONS = ['allow', 'approval', 'block', 'refused', 'known', 'unknown', 'revealed', 'masked'] as const;

const expectationSchema = z.strictObject({
  /** `refused`: not one readable statement. `known`/`unknown` answer `connect`, `revealed`/`masked` answer `reveal`. */
  decision: z.enum(DECISIONS),
  /** Ids of exactly the policies that decide. */
  policies: z.array(z.string()).optional(),
  asks: z
    .array(z.strictObject({ group: nameSchema, quorum: z.int().default(1), expires: durationSchema.optional() }))
    .optional(),
  /** Part of what the agent is told. */
  says: z.string().min(1).optional(),
});

const oneOrMore = z
  .union([text, z.array(text).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

const suiteTestSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    agent: nameSchema,
    connection: nameSchema,
    statement: oneOrMore.optional(),
    /** Of the statement, for targets that take one. */
    body: jsonSchema.optional(),
    /** Values of the `:name` in the statements. */
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    effects: z.array(suiteEffectSchema).min(1).optional(),
    /** May the agent know of the connection? */
    connect: z.literal(true).optional(),
    /** `schema.table.column`, classified by `masking` of gateway.yaml. */
    reveal: z
      .string()
      .regex(/^[^.]+\.[^.]+\.[^.]+$/, 'schema.table.column')
      .optional(),
    approvals: z.array(nameSchema).default([]),
    breakGlass: z.boolean().default(false),
    reason: text.default(''),
    ticket: text.default(''),
    pipeline: text.default(''),
    expect: z.union([
      z
        .enum(DECISIONS)
        .transform((decision): { decision: typeof decision } => ({ decision }))
        .pipe(expectationSchema),
      expectationSchema,
    ]),
  })
  .refine(
    (test) => [test.statement, test.effects, test.connect, test.reveal].filter((one) => one !== undefined).length === 1,
    'give one of statement, effects, connect or reveal',
  );

/** `policies.test.yaml`: what policies are expected to say. */
export const policySuiteSchema = z.strictObject({
  version: z.literal(1),
  agents: z.record(nameSchema, suiteAgentSchema),
  /** By connection: the tables and views that statements may mean. */
  catalogue: z
    .record(nameSchema, z.record(z.string().regex(/^[^.]+\.[^.]+$/, 'schema.table'), suiteRelationSchema))
    .default({}),
  tests: z.array(suiteTestSchema).min(1).max(5_000),
});

export type PolicySuite = z.output<typeof policySuiteSchema>;
export type SuiteTest = PolicySuite['tests'][number];
export type SuiteRelations = PolicySuite['catalogue'][string];
