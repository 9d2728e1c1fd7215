import type { FunctionSpec } from './function-spec.ts';

export type { FunctionSpec, Grant } from './function-spec.ts';

/** It calls into targets, and so is where a network of their own and a limit of their own belong. */
export const reachesTargets = ({ grants }: FunctionSpec): boolean =>
  grants.some((grant) => grant.startsWith('targets:'));

// Memory as `npm run bench:memory` measured it. SQL grammar and Cedar are bound by the processor: one whole vCPU; 0.74 GB at most.
const JUDGES = 1_769;
/** Waited for by a person or a client, mostly for the network: `sessions` took at most 0.18 GB, so this buys processor. */
const ANSWERS = 1_024;
/** Nobody waits. 0.06 to 0.09 GB once loaded. */
const BACKGROUND = 512;

/** The HTTP API hangs up after 30 s, so longer is never heard. */
const HTTP_SECONDS = 29;
/**
 * Outlives the HTTP answer on purpose: a statement may take 45 s at the Data API, and whoever sent it must still be
 * alive to write the outcome down, or the record would end at `running`.
 */
const STATEMENT_SECONDS = 60;

/**
 * Every Lambda function of the gateway: what wakes it, what it may do, and how much time and memory it gets.
 * The stack deploys this table and nothing else; a test holds it against the folders in `functions/` and against the
 * permissions in the synthesised template.
 */
export const functions = {
  execute: {
    does: 'Judges a statement, and runs it or asks for approval.',
    routes: ['POST /v1/execute'],
    grants: [
      'config:read',
      'sessions:write',
      'blobs:read',
      'blobs:write',
      'outcomes:write',
      'targets:execute',
      'workflow:start',
      'installation-secret:read',
    ],
    timeoutSeconds: STATEMENT_SECONDS,
    memoryMb: JUDGES,
    reservedConcurrency: 100,
  },
  mcp: {
    does: 'The same calls as tools of the Model Context Protocol.',
    routes: [
      'POST /mcp',
      'GET /mcp',
      'DELETE /mcp',
      'GET /.well-known/oauth-protected-resource',
      'GET /.well-known/oauth-protected-resource/mcp',
    ],
    grants: [
      'config:read',
      'sessions:write',
      'blobs:read',
      'blobs:write',
      'outcomes:write',
      'targets:execute',
      'workflow:start',
      'workflow:answer',
      'installation-secret:read',
    ],
    timeoutSeconds: STATEMENT_SECONDS,
    memoryMb: JUDGES,
    reservedConcurrency: 50,
  },
  kubernetes: {
    does: 'Takes what kubectl sends, the same way as execute, and answers as an API server does.',
    routes: ['ANY /k8s/{connection}/{proxy+}'],
    grants: [
      'config:read',
      'sessions:write',
      'blobs:read',
      'blobs:write',
      'outcomes:write',
      'targets:execute',
      'workflow:start',
      'installation-secret:read',
    ],
    timeoutSeconds: STATEMENT_SECONDS,
    memoryMb: JUDGES,
    reservedConcurrency: 50,
  },
  check: {
    does: 'Says what would happen to a statement, and runs nothing.',
    routes: ['POST /v1/check'],
    grants: ['config:read', 'targets:read'],
    timeoutSeconds: HTTP_SECONDS,
    memoryMb: JUDGES,
    reservedConcurrency: 20,
  },
  sessions: {
    does: 'Shows sessions and connections to who may see them.',
    routes: ['GET /v1/sessions', 'GET /v1/sessions/{id}', 'GET /v1/connections'],
    grants: ['config:read', 'sessions:read', 'blobs:read'],
    timeoutSeconds: HTTP_SECONDS,
    memoryMb: ANSWERS,
  },
  votes: {
    does: "Takes people's votes and reviews, and an agent's cancellation of its own request.",
    routes: [
      'POST /v1/sessions/{id}/approve',
      'POST /v1/sessions/{id}/deny',
      'POST /v1/sessions/{id}/cancel',
      'POST /v1/sessions/{id}/review',
    ],
    // Shows the vote in Slack too, which shows the statement again.
    grants: ['config:read', 'sessions:write', 'blobs:read', 'workflow:answer', 'slack:read'],
    timeoutSeconds: HTTP_SECONDS,
    memoryMb: ANSWERS,
  },
  controls: {
    does: 'Stops and resumes, for people of an operator group; lists and revokes leases.',
    routes: [
      'POST /v1/stops',
      'GET /v1/stops',
      'POST /v1/stops/{id}/resume',
      'GET /v1/leases',
      'POST /v1/leases/{id}/revoke',
    ],
    grants: ['config:read', 'sessions:write', 'workflow:answer'],
    timeoutSeconds: HTTP_SECONDS,
    memoryMb: ANSWERS,
  },
  'slack-interactions': {
    does: 'Takes votes and reviews given in Slack.',
    routes: ['POST /slack/interactions'],
    grants: ['config:read', 'sessions:write', 'blobs:read', 'workflow:answer', 'slack:read'],
    timeoutSeconds: HTTP_SECONDS,
    // Slack gives up after 3 s, cold start and all.
    memoryMb: JUDGES,
  },
  pages: {
    does: 'The page behind the link in every message: it signs people in, and knows no session by itself.',
    routes: ['GET /sessions/{id}', 'GET /signed-in', 'GET /pages/{file}'],
    grants: ['config:read'],
    timeoutSeconds: 10,
    memoryMb: BACKGROUND,
  },
  meta: {
    does: 'Liveness, and the API described as OpenAPI.',
    routes: ['GET /healthz', 'GET /v1/openapi.json'],
    grants: [],
    timeoutSeconds: 10,
    memoryMb: BACKGROUND,
  },
  'ask-approvers': {
    does: 'Finds out what a statement would touch and puts the question to the approvers; the workflow then waits for votes.',
    routes: [],
    // A vote may come before the token that wakes the workflow is kept, so this task wakes it too.
    // The preview runs writes in transactions that are rolled back, with the login that the run itself will have.
    grants: ['config:read', 'sessions:write', 'blobs:read', 'targets:preview', 'workflow:answer', 'slack:read'],
    // 15 s of preview at most, and Slack's patience for as many channels as there are groups.
    timeoutSeconds: 45,
    memoryMb: JUDGES,
    reservedConcurrency: 20,
  },
  'run-approved': {
    does: 'Checks the seal, decides again and runs an approved statement, once.',
    routes: [],
    grants: [
      'config:read',
      'sessions:write',
      'blobs:read',
      'blobs:write',
      'outcomes:write',
      'targets:execute',
      'installation-secret:read',
    ],
    timeoutSeconds: STATEMENT_SECONDS,
    memoryMb: JUDGES,
    reservedConcurrency: 50,
  },
  'conclude-approval': {
    does: 'Writes how an approval ended and tells everyone who was asked.',
    routes: [],
    grants: ['config:read', 'sessions:write', 'blobs:read', 'outcomes:read', 'slack:read'],
    timeoutSeconds: 30,
    memoryMb: BACKGROUND,
  },
  'archive-sessions': {
    does: 'Copies finished sessions to the archive, create-only.',
    routes: [],
    // An answer that S3 did not take at the time is brought there first.
    grants: ['config:read', 'sessions:write', 'archive:write', 'blobs:read', 'blobs:write'],
    timeoutSeconds: 60,
    memoryMb: BACKGROUND,
  },
  'write-digest': {
    does: 'Signs, for every hour, what the archive took in.',
    routes: [],
    grants: ['sessions:write', 'digests:write'],
    timeoutSeconds: 300,
    // A full digest names 100,000 objects: some 25 MB as text, held a few times over.
    memoryMb: ANSWERS,
  },
  'sweep-sessions': {
    does: 'Finds what was left behind: expired questions, lost workflows, unarchived sessions.',
    routes: [],
    grants: [
      'config:read',
      'sessions:write',
      'blobs:read',
      'blobs:write',
      'archive:write',
      'outcomes:read',
      'workflow:start',
      'workflow:answer',
      'slack:read',
    ],
    timeoutSeconds: 55,
    memoryMb: BACKGROUND,
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof functions;
