import { describe, expect, test } from 'vitest';
import { functions } from '../../infra/functions.ts';
import { openApiDocument } from '../../shared/contracts/api/openapi.ts';
import { OPERATIONS } from '../../shared/contracts/api/operations.ts';
import { problemOf, problemSchema } from '../../shared/contracts/api/problem.ts';
import type { Refusal, RefusalCode } from '../../shared/domain/refusal.ts';
import { unreadable } from '../../shared/domain/effect.ts';
import { refusalAnswer } from '../../shared/gateway/http/edge.ts';

const why = 'because.';
/** One of each: the type makes sure that none is missing. */
const EVERY: { readonly [C in RefusalCode]: readonly [Extract<Refusal, { code: C }>, number] } = {
  unauthenticated: [
    {
      code: 'unauthenticated',
      status: 401,
      reason: 'expired',
      detail: 'Get a new token.',
      challenge: 'Bearer',
      retryAfterSeconds: 3,
    },
    401,
  ],
  not_an_agent: [{ code: 'not_an_agent' }, 403],
  not_a_person: [{ code: 'not_a_person' }, 403],
  not_an_auditor: [{ code: 'not_an_auditor' }, 403],
  invalid_request: [{ code: 'invalid_request', member: 'statement', detail: 'is missing.' }, 400],
  request_too_large: [{ code: 'request_too_large', limitBytes: 7 }, 413],
  origin_not_allowed: [{ code: 'origin_not_allowed', header: 'Host' }, 403],
  unsupported_media_type: [{ code: 'unsupported_media_type' }, 415],
  statement_invalid: [
    { code: 'statement_invalid', reason: 'syntax_error', detail: 'statement: bad.', position: 0 },
    400,
  ],
  connection_not_found: [{ code: 'connection_not_found' }, 404],
  blocked_by_policy: [
    { code: 'blocked_by_policy', policies: [{ id: 'p', message: 'No.' }], effects: [unreadable('w')] },
    403,
  ],
  idempotency_conflict: [{ code: 'idempotency_conflict' }, 409],
  refused_earlier: [{ code: 'refused_earlier', reason: 'statement_invalid', detail: 'd' }, 409],
  too_many_pending: [{ code: 'too_many_pending', limit: 3 }, 429],
  rate_limited: [{ code: 'rate_limited', of: 'agent', limit: 5, retryAfterSeconds: 9, detail: 'd' }, 429],
  stopped: [{ code: 'stopped', scope: 'connection' }, 403],
  not_an_operator: [{ code: 'not_an_operator' }, 403],
  stop_not_found: [{ code: 'stop_not_found' }, 404],
  lease_not_found: [{ code: 'lease_not_found' }, 404],
  lease_not_allowed: [{ code: 'lease_not_allowed', detail: 'minutes: at most 60.' }, 400],
  session_not_found: [{ code: 'session_not_found' }, 404],
  approval_denied: [{ code: 'approval_denied', why }, 403],
  approval_expired: [{ code: 'approval_expired', why }, 403],
  session_cancelled: [{ code: 'session_cancelled', why }, 409],
  approval_ended: [{ code: 'approval_ended', status: 'denied' }, 409],
  vote_not_allowed: [{ code: 'vote_not_allowed', why: 'own_agent' }, 403],
  no_review_owed: [{ code: 'no_review_owed' }, 409],
  review_closed: [{ code: 'review_closed', by: 'ann', verdict: 'accepted' }, 409],
  seal_mismatch: [{ code: 'seal_mismatch' }, 409],
  comment_required: [{ code: 'comment_required' }, 400],
  target_error: [{ code: 'target_error', reason: '42P01', detail: 'd' }, 422],
  target_unavailable: [{ code: 'target_unavailable', detail: 'd' }, 503],
  unknown_outcome: [{ code: 'unknown_outcome' }, 504],
  record_unavailable: [{ code: 'record_unavailable' }, 503],
  workflow_unavailable: [{ code: 'workflow_unavailable' }, 503],
  configuration_unavailable: [{ code: 'configuration_unavailable' }, 503],
  internal: [{ code: 'internal' }, 500],
};

describe('a refusal', () => {
  test.each(Object.values(EVERY))('%j is a problem with its status, words and nothing else', (refusal, status) => {
    const answer = refusalAnswer(refusal, { session: 'ses_1' });
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
      status,
      'application/problem+json',
      'no-store',
    ]);
    const problem = problemSchema.parse(JSON.parse(answer.body));
    expect(problem).toMatchObject({
      code: refusal.code,
      status,
      session: 'ses_1',
      type: `urn:countersign:problem:${refusal.code}`,
    });
    expect(problem.title).toMatch(/^[A-Z]/);
    expect(problem.detail).toMatch(/\S/);
    expect(answer.body).not.toMatch(/undefined|\[object/);
  });

  test.each(['own_agent', 'acts_for', 'not_asked', 'unknown_voter'] as const)('of a vote says why: %s', (bar) => {
    expect(problemOf({ code: 'vote_not_allowed', why: bar })).toMatchObject({ reason: bar });
  });

  test('that will pass says when to come back, and one of a token what is wanted', () => {
    expect(refusalAnswer(EVERY.unauthenticated[0]).headers).toMatchObject({
      'www-authenticate': 'Bearer',
      'retry-after': '3',
    });
    expect(refusalAnswer({ code: 'record_unavailable' }).headers['retry-after']).toBe('5');
    expect(refusalAnswer({ code: 'unknown_outcome' }).headers['retry-after']).toBeUndefined();
  });

  test('that is not on record says so', () => {
    expect(JSON.parse(refusalAnswer({ code: 'internal' }, { recorded: false }).body)).toMatchObject({
      recorded: false,
    });
    expect(refusalAnswer({ code: 'internal' }, { recorded: true }).body).not.toContain('recorded');
  });
});

describe('the OpenAPI document', () => {
  const document = openApiDocument();
  const text = JSON.stringify(document);

  test('refers to nothing that is not in it', () => {
    const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
    expect(refs.length).toBeGreaterThan(10);
    for (const ref of refs) {
      expect(ref).toMatch(/^#\//);
      let at: unknown = document;
      for (const part of ref.slice(2).split('/'))
        at = (at as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
      expect(at, ref).toBeTypeOf('object');
    }
  });

  test('describes every route that is deployed, and no other', () => {
    // What is below /k8s is Kubernetes' own API, and describes itself (/openapi/v3).
    const deployed = Object.values(functions)
      .flatMap(({ routes }): string[] => [...routes])
      .filter((route) => !route.includes(' /k8s/'));
    const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual(deployed.sort());
  });

  test('gives each operation an id of its own, its path parameters, and answers', () => {
    expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length);
    const paths = document['paths'] as Record<
      string,
      Record<string, { parameters: { name: string; in: string }[]; responses: object; security?: [] }>
    >;
    for (const { path, method, answers, open } of OPERATIONS) {
      const described = paths[path]?.[method];
      const named = described?.parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`);
      expect(named).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(Object.keys(described?.responses ?? {})).toEqual([...Object.keys(answers), 'default']);
      expect(described?.security).toEqual(open === true ? [] : undefined);
    }
  });

  test('says of every request that it takes no other member', () => {
    const schemas = (document['components'] as { schemas: Record<string, { additionalProperties?: unknown }> }).schemas;
    for (const name of ['ExecuteRequest', 'VoteRequest', 'CancelRequest'])
      expect(schemas[name]?.additionalProperties).toBe(false);
  });
});
