import * as z from 'zod';

/** The version of the Open Cybersecurity Schema Framework that events are written in (schema.ocsf.io/1.3.0). */
export const OCSF_VERSION = '1.3.0';

/** What every class has, as far as it is required, and what of the recommended we always know. */
const base = {
  activity_id: z.int(),
  activity_name: z.string(),
  time: z.int().positive().describe('Milliseconds since 1970.'),
  severity_id: z.union([z.literal(1), z.literal(2), z.literal(3)]).describe('Informational, low, medium.'),
  status_id: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(99)]),
  status: z.string(),
  message: z.string(),
  metadata: z.strictObject({
    version: z.literal(OCSF_VERSION),
    uid: z.string().describe('Names the event for ever: session and number in its chain.'),
    correlation_uid: z.string(),
    product: z.strictObject({ name: z.literal('Countersign'), vendor_name: z.literal('Countersign') }),
  }),
  unmapped: z.record(z.string(), z.json()),
};

/** `category_uid`, `class_uid`, and `type_uid`, which is class times hundred plus activity. */
const classified = <C extends number, U extends number, S extends z.core.$ZodLooseShape>(
  category: C,
  uid: U,
  shape: S,
) =>
  z.strictObject({
    ...base,
    category_uid: z.literal(category),
    class_uid: z.literal(uid),
    type_uid: z
      .int()
      .min(uid * 100)
      .max(uid * 100 + 99),
    ...shape,
  });

const user = z.strictObject({
  uid: z.string(),
  name: z.string(),
  type_id: z.union([z.literal(1), z.literal(99)]),
  type: z.string(),
  groups: z.array(z.strictObject({ name: z.string() })).exactOptional(),
});
/** `invoked_by` is deprecated since 1.2.0 in favour of `app_name`. */
const actor = z.strictObject({ user, app_name: z.string().exactOptional() });
const endpoint = z.strictObject({ name: z.string(), type_id: z.literal(99), type: z.string() });

/** Datastore Activity: a statement sent to a database. */
export const datastoreActivitySchema = classified(6, 6005, {
  actor,
  src_endpoint: endpoint,
  dst_endpoint: endpoint,
  database: z.strictObject({ name: z.string(), type_id: z.literal(1), type: z.string() }),
  table: z.strictObject({ name: z.string() }).exactOptional(),
  query_info: z.strictObject({ query_string: z.string() }),
  type_id: z.literal(1),
});

/** API Activity: a request sent to an API, Kubernetes' above all. */
export const apiActivitySchema = classified(6, 6003, {
  actor,
  src_endpoint: endpoint,
  dst_endpoint: endpoint,
  api: z.strictObject({ operation: z.string(), service: z.strictObject({ name: z.string() }) }),
  resources: z.array(z.strictObject({ name: z.string(), type: z.string() })),
});

/** Authorize Session: a vote, which gives a session what it asks for, or does not. */
export const authorizeSessionSchema = classified(3, 3003, {
  user,
  actor,
  session: z.strictObject({ uid: z.string() }),
  group: z.strictObject({ name: z.string() }).exactOptional(),
  privileges: z.array(z.string()),
});

export const ocsfSchema = z.discriminatedUnion('class_uid', [
  datastoreActivitySchema,
  apiActivitySchema,
  authorizeSessionSchema,
]);
export type OcsfEvent = z.output<typeof ocsfSchema>;
