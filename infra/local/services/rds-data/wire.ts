import * as z from 'zod';

/** Bodies of the RDS Data API (rest-json, API version 2018-08-01), as far as it is played here. */
const target = {
  resourceArn: z.string().min(11).max(100),
  secretArn: z.string().min(11).max(100),
  database: z.string().max(64).optional(),
  schema: z.string().max(64).optional(),
};

export const arrayValueSchema = z.strictObject({
  booleanValues: z.array(z.boolean()).optional(),
  longValues: z.array(z.number()).optional(),
  doubleValues: z.array(z.number()).optional(),
  stringValues: z.array(z.string()).optional(),
});

export const fieldSchema = z.union([
  z.strictObject({ isNull: z.boolean() }),
  z.strictObject({ booleanValue: z.boolean() }),
  z.strictObject({ longValue: z.int() }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ blobValue: z.base64() }),
  z.strictObject({ arrayValue: arrayValueSchema }),
]);
export type WireField = z.output<typeof fieldSchema>;

export const parameterSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_]+$/),
  value: fieldSchema,
  typeHint: z.enum(['DATE', 'DECIMAL', 'JSON', 'TIME', 'TIMESTAMP', 'UUID']).optional(),
});
export type WireParameter = z.output<typeof parameterSchema>;

export const executeSchema = z.strictObject({
  ...target,
  sql: z.string().max(65_536 * 16),
  parameters: z.array(parameterSchema).optional(),
  transactionId: z.string().max(192).optional(),
  includeResultMetadata: z.boolean().optional(),
  continueAfterTimeout: z.literal(false, 'is not played by the embedded Data API').optional(),
  resultSetOptions: z
    .strictObject({
      decimalReturnType: z.literal('STRING').optional(),
      longReturnType: z.enum(['LONG', 'STRING']).optional(),
    })
    .optional(),
  formatRecordsAs: z.literal('NONE', 'JSON is not played by the embedded Data API').optional(),
});
export type ExecuteRequest = z.output<typeof executeSchema>;

export const beginSchema = z.strictObject(target);
export const endSchema = z.strictObject({
  resourceArn: target.resourceArn,
  secretArn: target.secretArn,
  transactionId: z.string().min(1).max(192),
});
export type Target = z.output<typeof beginSchema>;

/** The error names of the service and the HTTP status each comes with. */
export const STATUS = {
  ValidationException: 400,
  BadRequestException: 400,
  DatabaseErrorException: 400,
  StatementTimeoutException: 400,
  UnsupportedResultException: 400,
  SecretsErrorException: 400,
  InvalidSecretException: 400,
  DatabaseNotFoundException: 404,
  TransactionNotFoundException: 404,
  MissingAuthenticationTokenException: 403,
  DatabaseUnavailableException: 504,
  InternalServerErrorException: 500,
  UnknownOperationException: 404,
} as const;

export interface DataApiFault {
  readonly code: keyof typeof STATUS;
  readonly message: string;
}
