import * as z from 'zod';

/**
 * The part of an API Gateway HTTP API event (payload format 2.0) that the gateway reads.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpEventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
  queryStringParameters: z.record(z.string(), z.string()).optional(),
  pathParameters: z.record(z.string(), z.string()).optional(),
  requestContext: z.object({
    routeKey: z.string(),
    requestId: z.string(),
    http: z.object({
      method: z.string(),
      path: z.string(),
      sourceIp: z.string().default(''),
      userAgent: z.string().default(''),
    }),
  }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

export type HttpEvent = z.output<typeof httpEventSchema>;

/** Input of the workflow's tasks. Ids and a token, never a statement. */
export const askTaskSchema = z.object({
  session: z.string().min(1),
  taskToken: z.string().min(1).max(2_048),
  /** Seconds after the question was put at which this wait begins. */
  moment: z.int().min(0).default(0),
  /** How often this wait was begun before: Step Functions begins it again when its function fails. */
  attempt: z.int().min(0).default(0),
});
export const runTaskSchema = z.object({ session: z.string().min(1) });
export const concludeTaskSchema = z.object({ session: z.string().min(1), outcome: z.string() });

/** DynamoDB stream records, as far as they are read: only the key, since the item itself is read again. */
export const streamEventSchema = z.object({
  Records: z.array(
    z.object({
      eventID: z.string().optional(),
      dynamodb: z.object({
        Keys: z.object({ pk: z.object({ S: z.string() }) }),
        SequenceNumber: z.string().optional(),
      }),
    }),
  ),
});
