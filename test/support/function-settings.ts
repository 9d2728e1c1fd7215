/** Settings that a function may look for while it loads; nothing is called. */
export const SETTINGS: Readonly<Record<string, string>> = {
  PATH: '',
  AWS_REGION: 'eu-west-1',
  NODE_OPTIONS: '--enable-source-maps',
  POWERTOOLS_SERVICE_NAME: 'test',
  POWERTOOLS_METRICS_NAMESPACE: 'test',
  SESSIONS_TABLE: 'sessions',
  ARCHIVE_BUCKET: 'archive',
  CONFIG_BUCKET: 'config',
  CONFIG_KEY: 'bundle.json',
  CONFIG_MAX_AGE_SECONDS: '30',
  WORKFLOW_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:approval',
  DIGEST_KEY_ID: 'alias/countersign-digests',
  INSTALLATION_SECRET: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:installation-AbCdEf',
};
