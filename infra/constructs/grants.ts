import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Grant } from '../functions.ts';
import type { ApprovalWorkflow } from './approval-workflow.ts';
import type { Archive } from './archive.ts';
import type { Configuration } from './configuration.ts';
import type { DigestKey } from './digest-key.ts';
import type { InstallationSecret } from './installation-secret.ts';
import type { Sessions } from './sessions.ts';
import type { SlackSecret } from './slack-secret.ts';
import type { Targets } from './targets.ts';

export interface Capabilities {
  readonly sessions: Sessions;
  readonly archive: Archive;
  readonly digestKey: DigestKey;
  readonly configuration: Configuration;
  readonly targets: Targets;
  readonly workflow: ApprovalWorkflow;
  readonly slack: SlackSecret;
  readonly installation: InstallationSecret;
}

/** From the word in the functions' table to the construct that knows what it takes. */
export function grantsOf(to: Capabilities): Readonly<Record<Grant, (fn: LambdaFunction) => void>> {
  return {
    'sessions:read': (fn) => {
      to.sessions.grantRead(fn);
    },
    'sessions:write': (fn) => {
      to.sessions.grantReadWrite(fn);
    },
    'blobs:read': (fn) => {
      to.archive.grantReadBlobs(fn);
    },
    'blobs:write': (fn) => {
      to.archive.grantWriteBlobs(fn);
    },
    'archive:write': (fn) => {
      to.archive.grantWriteSessions(fn);
    },
    'digests:write': (fn) => {
      to.archive.grantWriteDigests(fn);
      to.digestKey.grantDigests(fn);
    },
    'outcomes:write': (fn) => {
      to.archive.grantWriteOutcomes(fn);
    },
    'outcomes:read': (fn) => {
      to.archive.grantReadOutcomes(fn);
    },
    'config:read': (fn) => {
      to.configuration.grantRead(fn);
    },
    'targets:execute': (fn) => {
      to.targets.grantExecute(fn);
    },
    'targets:preview': (fn) => {
      to.targets.grantPreview(fn);
    },
    'targets:read': (fn) => {
      to.targets.grantRead(fn);
    },
    'workflow:start': (fn) => {
      to.workflow.grantStart(fn);
    },
    'workflow:answer': (fn) => {
      to.workflow.grantAnswer(fn);
    },
    'slack:read': (fn) => {
      to.slack.grantRead(fn);
    },
    'installation-secret:read': (fn) => {
      to.installation.grantRead(fn);
    },
  };
}
