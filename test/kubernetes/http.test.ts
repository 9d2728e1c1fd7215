import { describe, expect, test } from 'vitest';
import { carried } from '../../shared/connectors/kubernetes/http/carried.ts';
import { documentAnswer } from '../../shared/connectors/kubernetes/http/answer.ts';
import { isWatch, statementOf, type KubernetesHttp } from '../../shared/connectors/kubernetes/http/request.ts';
import { refusalStatus } from '../../shared/connectors/kubernetes/http/status.ts';
import type { Refusal } from '../../shared/domain/refusal.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const sent = (more: Partial<KubernetesHttp> = {}) =>
  statementOf({ method: 'GET', target: '/api/v1/pods', headers: {}, body: bytes(''), ...more });

describe('what kubectl sends, as a statement', () => {
  test('is the request line, and under it what matters to what is asked', () => {
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: 'Bearer x',
      'user-agent': 'kubectl',
      'kubectl-command': 'kubectl get',
      'x-forwarded-for': '127.0.0.1',
    };
    expect(sent({ headers })).toEqual({
      ok: true,
      value: { statement: 'GET /api/v1/pods\nAccept: application/json' },
    });
    expect(sent({ method: 'POST', headers, body: bytes('{"a":1}') })).toEqual({
      ok: true,
      value: {
        statement: 'POST /api/v1/pods\nContent-Type: application/json\nAccept: application/json',
        body: { a: 1 },
      },
    });
  });

  test.each(['impersonate-user', 'impersonate-group', 'impersonate-extra-scopes', 'x-remote-user'])(
    'carries %s along, so that the connector refuses it by name',
    (name) => {
      const read = sent({ headers: { [name]: 'admin' } });
      expect(read.ok && read.value.statement).toBe(`GET /api/v1/pods\n${name}: admin`);
    },
  );

  test.each<[string, string, string, JsonValue]>([
    ['application/merge-patch+json', '{"a":null}', 'a merge patch', { a: null }],
    ['application/json-patch+json', '[{"op":"remove","path":"/a"}]', 'a JSON patch', [{ op: 'remove', path: '/a' }]],
    ['application/apply-patch+yaml', 'a: 1\n', 'YAML, as it is', 'a: 1\n'],
    ['application/vnd.kubernetes.protobuf', 'k8s\0\u0001', 'protobuf, in base64', 'azhzAAE='],
    ['', '{"a":1}', 'what says nothing of itself, as JSON', { a: 1 }],
  ])('%s has a body: %s', (type, text, _, body) => {
    const headers = type === '' ? {} : { 'content-type': `${type}; charset=utf-8` };
    const read = sent({ method: 'PATCH', headers, body: bytes(text) });
    expect(read.ok && read.value.body).toEqual(body);
  });

  test.each<[string, Uint8Array]>([
    ['no JSON', bytes('{"a":')],
    ['a member twice', bytes('{"a":1,"a":2}')],
    ['a depth without end', bytes(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['a number that readers do not agree on', bytes('{"a":1e400}')],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
  ])('%s is refused, and the body is named', (_, body) => {
    const read = sent({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(read.ok ? undefined : read.error).toMatchObject({ code: 'invalid_request', member: 'body' });
  });

  test.each<[string, boolean]>([
    ['/api/v1/pods?watch=true', true],
    ['/api/v1/pods?watch=1&resourceVersion=0', true],
    ['/api/v1/pods?watch=false', false],
    ['/api/v1/pods?watch', true],
    ['/api/v1/pods?watch=yes', true],
    ['/api/v1/pods?watch=0', false],
    ['/api/v1/namespaces/prod/pods/web?watch=1', false],
    ['/api/v1/watch/namespaces/prod/pods', true],
    ['/apis/apps/v1/watch/deployments', true],
    ['/api/v1/namespaces/watch/pods', false],
    ['/api/v1/pods?labelSelector=watch%3Dtrue', false],
  ])('%s is a watch: %s', (target, watch) => {
    expect(isWatch('GET', target)).toBe(watch);
  });
});

describe('a refusal, as a Status', () => {
  const status = (refusal: Refusal, about = {}) => {
    const { statusCode, headers, body } = refusalStatus(refusal, about);
    return {
      statusCode,
      headers,
      ...(JSON.parse(body) as { reason: string; message: string; code: number; kind: string }),
    };
  };
  const target = (reason: string): Refusal => ({ code: 'target_error', reason, detail: 'words' });

  test.each<[Refusal, number, string]>([
    [{ code: 'blocked_by_policy', policies: [{ id: 'p', message: 'No.' }], effects: [] }, 403, 'Forbidden'],
    [{ code: 'approval_denied', why: 'dana: no.' }, 403, 'Forbidden'],
    [{ code: 'connection_not_found' }, 404, 'NotFound'],
    [{ code: 'statement_invalid', reason: 'syntax_error', detail: 'x' }, 400, 'BadRequest'],
    [{ code: 'request_too_large', limitBytes: 1 }, 413, 'RequestEntityTooLarge'],
    [
      { code: 'unauthenticated', status: 401, reason: 'expired', detail: 'x', challenge: 'Bearer' },
      401,
      'Unauthorized',
    ],
    [{ code: 'unknown_outcome' }, 504, 'Timeout'],
    [{ code: 'record_unavailable' }, 503, 'ServiceUnavailable'],
    [{ code: 'internal' }, 500, 'InternalError'],
    // Clients try a conflict again by themselves.
    [{ code: 'session_cancelled', why: 'Taken back.' }, 403, 'Forbidden'],
    [target('NotFound'), 404, 'NotFound'],
    [target('AlreadyExists'), 409, 'AlreadyExists'],
    [target('Conflict'), 409, 'Conflict'],
    [target('Invalid'), 422, 'Invalid'],
    [target('HTTP_418'), 418, 'HTTP_418'],
    [target('SomethingNew'), 500, 'SomethingNew'],
  ])('%j is %d %s', (refusal, code, reason) => {
    expect(status(refusal)).toMatchObject({ kind: 'Status', statusCode: code, code, reason });
  });

  test('quotes the policy and names the session that recorded it', () => {
    const refusal: Refusal = { code: 'blocked_by_policy', policies: [{ id: 'p', message: 'Ask Dana.' }], effects: [] };
    expect(status(refusal, { session: 'ses_1' }).message).toBe('p: Ask Dana. (Countersign session ses_1)');
  });

  test('of a stream says so: a watch in the way that makes clients list again', () => {
    expect(status(target('not_carried'), { watch: true })).toMatchObject({ code: 410, reason: 'Expired' });
    expect(status(target('not_carried'))).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
  });

  test('asks a client to come back by itself only where that is soon, and helps', () => {
    const limited = (retryAfterSeconds: number): Refusal => ({
      code: 'rate_limited',
      of: 'agent',
      limit: 1,
      retryAfterSeconds,
      detail: '',
    });
    expect(status(limited(20)).headers['retry-after']).toBe('20');
    expect(status(limited(4_000)).headers['retry-after']).toBeUndefined();
    expect(status({ code: 'record_unavailable' }).headers['retry-after']).toBeUndefined();
  });
});

describe('an answer', () => {
  const answer = (value: JsonValue, type = 'object', method = 'GET', target = '/api') =>
    documentAnswer(method, target, {
      columns: [{ name: 'answer', type, masked: false }],
      rows: [[value]],
      rowCount: 1,
      truncated: false,
    });

  test('of discovery says which form it is, by which clients read it', () => {
    const list = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [] };
    expect(answer(list).headers['content-type']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    expect(answer({ kind: 'PodList' }).headers['content-type']).toBe('application/json');
  });

  test.each([
    ['as it is when it fits', 'x'.repeat(4_000_000), 200, false],
    ['as it is when it is long and plain', 'x"\n'.repeat(1_000_000), 200, false],
    ['in Base64 when that is shorter than JSON', '\u001b[31m'.repeat(700_000), 200, true],
    ['as a refusal when it is too large either way', '\u001b'.repeat(4_600_000), 413, false],
  ])('is given back %s', (_how, log, status, encoded) => {
    const given = carried(answer(log, 'text'), 'ses_1');
    expect(Buffer.byteLength(JSON.stringify(given))).toBeLessThan(6_291_456);
    expect([given.statusCode, given.isBase64Encoded === true]).toEqual([status, encoded]);
    const body = Buffer.from(given.body, encoded ? 'base64' : 'utf8').toString('utf8');
    expect(status === 200 ? body === log : body.includes('Ask for less') && body.includes('ses_1')).toBe(true);
  });

  test('of a log is text, of what was made 201, and nothing but schemas under their hash may be kept', () => {
    expect(answer('a line\n', 'text')).toMatchObject({
      statusCode: 200,
      body: 'a line\n',
      headers: { 'cache-control': 'no-store' },
    });
    expect(answer({ kind: 'Pod' }, 'object', 'POST').statusCode).toBe(201);
    expect(answer({ kind: 'Status' }, 'object', 'POST').statusCode).toBe(200);
    const schema = answer({ openapi: '3.0.0' }, 'object', 'GET', '/openapi/v3/apis/apps/v1?hash=0AF1');
    expect(schema.headers['cache-control']).toBe('private, max-age=86400');
    expect(answer({}, 'object', 'GET', '/openapi/v3').headers['cache-control']).toBe('no-store');
  });
});
