import type { SchemaName } from './openapi.ts';

/** One call of the API. The table is held against the deployed routes by a test, so that neither can be forgotten. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly request?: SchemaName;
  readonly query?: 'session' | 'sessions';
  readonly headers?: readonly string[];
  readonly answers: Readonly<Record<string, { readonly means: string; readonly schema?: SchemaName }>>;
  /** Needs no token. */
  readonly open?: boolean;
}

export const OPERATIONS: readonly Operation[] = [
  {
    id: 'execute',
    method: 'post',
    path: '/v1/execute',
    summary: 'Runs a statement, if policy lets it, or puts it before people.',
    request: 'ExecuteRequest',
    headers: ['Idempotency-Key'],
    answers: {
      200: { means: 'It ran; here is the masked answer.', schema: 'Session' },
      202: { means: 'People are asked; nothing has run. Poll `links.poll`.', schema: 'Session' },
    },
  },
  {
    id: 'check',
    method: 'post',
    path: '/v1/check',
    summary: 'Says what would happen, and runs nothing.',
    request: 'CheckRequest',
    answers: { 200: { means: 'Effects, decision, masks.', schema: 'CheckAnswer' } },
  },
  {
    id: 'listSessions',
    method: 'get',
    path: '/v1/sessions',
    summary: 'Own sessions, newest first; auditors see all.',
    query: 'sessions',
    answers: { 200: { means: 'A page.', schema: 'SessionList' } },
  },
  {
    id: 'getSession',
    method: 'get',
    path: '/v1/sessions/{id}',
    summary: 'One session with its events; holds the line up to `wait` seconds for it to end.',
    query: 'session',
    answers: { 200: { means: 'The session.', schema: 'SessionStory' } },
  },
  {
    id: 'approve',
    method: 'post',
    path: '/v1/sessions/{id}/approve',
    summary: "A person's yes to the seal it names.",
    request: 'ApproveRequest',
    answers: { 200: { means: 'What became of it.', schema: 'VoteReceipt' } },
  },
  {
    id: 'deny',
    method: 'post',
    path: '/v1/sessions/{id}/deny',
    summary: "A person's no, with the reason.",
    request: 'VoteRequest',
    answers: { 200: { means: 'What became of it.', schema: 'VoteReceipt' } },
  },
  {
    id: 'cancel',
    method: 'post',
    path: '/v1/sessions/{id}/cancel',
    summary: 'The agent takes back its own waiting statement.',
    request: 'CancelRequest',
    answers: { 200: { means: 'The session, cancelled.', schema: 'Session' } },
  },
  {
    id: 'stop',
    method: 'post',
    path: '/v1/stops',
    summary: 'An operator stops an agent, a connection or everything, from the next request on.',
    request: 'StopRequest',
    answers: { 200: { means: 'In force, with what it ended.', schema: 'Stopped' } },
  },
  {
    id: 'listStops',
    method: 'get',
    path: '/v1/stops',
    summary: 'The stops in force.',
    answers: { 200: { means: 'The list.', schema: 'StopList' } },
  },
  {
    id: 'resume',
    method: 'post',
    path: '/v1/stops/{id}/resume',
    summary: 'An operator lifts a stop. What it cancelled stays cancelled.',
    request: 'ReasonRequest',
    answers: { 200: { means: 'Lifted.', schema: 'Resumed' } },
  },
  {
    id: 'listLeases',
    method: 'get',
    path: '/v1/leases',
    summary: 'Leases that have not ended, as far as the caller may see them.',
    answers: { 200: { means: 'The list.', schema: 'LeaseList' } },
  },
  {
    id: 'revokeLease',
    method: 'post',
    path: '/v1/leases/{id}/revoke',
    summary: 'Takes a lease back, at once.',
    request: 'ReasonRequest',
    answers: { 200: { means: 'Revoked.', schema: 'Revoked' } },
  },
  {
    id: 'review',
    method: 'post',
    path: '/v1/sessions/{id}/review',
    summary: 'Closes the review that a run under break-glass owes, by somebody who was skipped.',
    request: 'ReviewRequest',
    answers: { 200: { means: 'What became of it.', schema: 'ReviewReceipt' } },
  },
  {
    id: 'listConnections',
    method: 'get',
    path: '/v1/connections',
    summary: 'The connections this caller may reach.',
    answers: { 200: { means: 'The list.', schema: 'ConnectionList' } },
  },
  {
    id: 'mcp',
    method: 'post',
    path: '/mcp',
    summary: 'The same calls as tools of the Model Context Protocol (streamable HTTP, stateless).',
    answers: { 200: { means: 'JSON-RPC, or its events where progress is told.' } },
  },
  {
    id: 'mcpListen',
    method: 'get',
    path: '/mcp',
    summary: 'Not served: a stateless server has nothing to say by itself.',
    answers: { 405: { means: 'Method not allowed.' } },
  },
  {
    id: 'mcpEnd',
    method: 'delete',
    path: '/mcp',
    summary: 'Not served: there is no session of the protocol to end.',
    answers: { 405: { means: 'Method not allowed.' } },
  },
  {
    id: 'protectedResource',
    method: 'get',
    path: '/.well-known/oauth-protected-resource',
    summary: 'Whose tokens are taken (RFC 9728).',
    answers: { 200: { means: 'Protected resource metadata.' } },
    open: true,
  },
  {
    id: 'protectedResourceOfMcp',
    method: 'get',
    path: '/.well-known/oauth-protected-resource/mcp',
    summary: 'The same, where RFC 9728 puts it for a resource with a path.',
    answers: { 200: { means: 'Protected resource metadata.' } },
    open: true,
  },
  {
    id: 'slackInteractions',
    method: 'post',
    path: '/slack/interactions',
    summary: "Slack's signed callbacks.",
    answers: { 200: { means: 'Taken.' } },
    open: true,
  },
  {
    id: 'sessionPage',
    method: 'get',
    path: '/sessions/{id}',
    summary:
      'The page that a link in a message leads to: signs a person in and shows them the session, whatever the id.',
    answers: { 200: { means: 'HTML, the same for every id.' } },
    open: true,
  },
  {
    id: 'signedIn',
    method: 'get',
    path: '/signed-in',
    summary: 'Where the identity provider sends a person back to; the redirect URI to register with it.',
    answers: { 200: { means: 'HTML.' } },
    open: true,
  },
  {
    id: 'pageFile',
    method: 'get',
    path: '/pages/{file}',
    summary: 'Scripts and styles of that page.',
    answers: { 200: { means: 'JavaScript or CSS.' } },
    open: true,
  },
  {
    id: 'health',
    method: 'get',
    path: '/healthz',
    summary: 'Liveness.',
    answers: { 200: { means: 'Alive.' } },
    open: true,
  },
  {
    id: 'openapi',
    method: 'get',
    path: '/v1/openapi.json',
    summary: 'This document.',
    answers: { 200: { means: 'OpenAPI 3.1.' } },
    open: true,
  },
];
