/** The demo's database, as the Data API is asked for it. */
export const TARGET = {
  resourceArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:orders',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:countersign/orders/read-AbCdEf',
  database: 'orders',
  includeResultMetadata: true,
  resultSetOptions: { decimalReturnType: 'STRING', longReturnType: 'STRING' },
} as const;
