import * as z from 'zod';
import type { JsonObject } from '../../platform/json-value.ts';
import { toJson } from '../../platform/json-value.ts';
import { connectionViewSchema } from './connections.ts';
import {
  leaseListSchema,
  reasonRequestSchema,
  stoppedSchema,
  stopListSchema,
  stopRequestSchema,
  stopSchema,
} from './controls.ts';
import { checkRequestSchema, executeRequestSchema } from './execute.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { leaseSchema } from '../record/lease.ts';
import { problemSchema } from './problem.ts';
import { checkAnswerSchema, sessionStorySchema, sessionViewSchema } from './session-view.ts';
import { sessionQuerySchema, sessionsQuerySchema } from './sessions-query.ts';
import { approveRequestSchema, cancelRequestSchema, reviewRequestSchema, voteRequestSchema } from './vote.ts';
import { reviewReceiptSchema, voteReceiptSchema } from './vote-receipt.ts';

const SCHEMAS = {
  ExecuteRequest: executeRequestSchema,
  CheckRequest: checkRequestSchema,
  VoteRequest: voteRequestSchema,
  ApproveRequest: approveRequestSchema,
  CancelRequest: cancelRequestSchema,
  Session: sessionViewSchema,
  SessionStory: sessionStorySchema,
  SessionList: z.strictObject({ sessions: z.array(sessionViewSchema), next: z.string().exactOptional() }),
  CheckAnswer: checkAnswerSchema,
  ConnectionList: z.strictObject({ connections: z.array(connectionViewSchema) }),
  VoteReceipt: voteReceiptSchema,
  ReviewRequest: reviewRequestSchema,
  ReviewReceipt: reviewReceiptSchema,
  StopRequest: stopRequestSchema,
  ReasonRequest: reasonRequestSchema,
  Stopped: stoppedSchema,
  StopList: stopListSchema,
  Resumed: z.strictObject({ stop: stopSchema }),
  LeaseList: leaseListSchema,
  Revoked: z.strictObject({ lease: leaseSchema }),
  Problem: problemSchema,
} as const;

export type SchemaName = keyof typeof SCHEMAS;

const QUERIES = { sessions: sessionsQuerySchema, session: sessionQuerySchema } as const;

/** The API as OpenAPI 3.1.1, generated from the schemas that also check every request and type every answer. */
export function openApiDocument(): JsonObject {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Countersign',
      version: '1',
      description: 'Statements to production, judged, countersigned, masked and recorded.',
    },
    security: [{ bearer: [] }],
    paths: paths(),
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An OIDC token of an issuer in gateway.yaml.',
        },
      },
      schemas: schemas(),
    },
  };
}

/** One registry, so that a schema that stands in another is a reference to it. */
function schemas(): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    io: 'input',
    reused: 'inline',
    uri: (id) => `#/components/schemas/${id}`,
  });
  // What refers to itself (any JSON value) is put by zod under `__shared`, in a place no reader of OpenAPI finds.
  const { __shared: shared, ...named } = made.schemas;
  const all = { ...named, ...shared?.$defs };
  return Object.fromEntries(
    Object.entries(all).map(([name, schema]) => [name, plain({ ...schema, $id: undefined, $schema: undefined })]),
  );
}

const plain = (schema: object) => toJson(JSON.parse(JSON.stringify(schema).replaceAll('/__shared#/$defs/', '/')));

function paths(): JsonObject {
  const byPath: Record<string, Record<string, JsonObject>> = {};
  for (const operation of OPERATIONS) {
    const methods = (byPath[operation.path] ??= {});
    methods[operation.method] = describe(operation);
  }
  return byPath;
}

function describe(operation: Operation): JsonObject {
  const { summary, request, answers, open } = operation;
  return {
    summary,
    operationId: operation.id,
    ...(open === true ? { security: [] } : {}),
    parameters: parametersOf(operation),
    ...(request === undefined
      ? {}
      : { requestBody: { required: true, content: content('application/json', request) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: answer.means,
            ...(answer.schema === undefined ? {} : { content: content('application/json', answer.schema) }),
          },
        ]),
      ),
      default: { description: 'A problem (RFC 9457).', content: content('application/problem+json', 'Problem') },
    },
  };
}

const content = (mediaType: string, schema: SchemaName): JsonObject => ({
  [mediaType]: { schema: { $ref: `#/components/schemas/${schema}` } },
});

function parametersOf({ path, query, headers }: Operation): JsonObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inHeader = (headers ?? []).map((name) => ({ name, in: 'header', required: false, schema: { type: 'string' } }));
  const inQuery =
    query === undefined
      ? []
      : Object.keys(QUERIES[query].shape).map((name) => ({
          name,
          in: 'query',
          required: false,
          schema: { type: 'string' },
        }));
  return [...inPath, ...inHeader, ...inQuery];
}
