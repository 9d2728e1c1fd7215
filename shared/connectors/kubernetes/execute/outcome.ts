import type { TargetOutcome } from '../../../domain/result-set.ts';
import type { JsonObject, JsonValue } from '../../../platform/json-value.ts';
import type { ApiAccess, ApiAnswer, ApiDocument } from '../api.ts';
import { isObject } from '../body/fragments.ts';

/**
 * What an answer means for the cluster: the question is never "did it work" but "can it have had an effect". A status of
 * 400 to 499 is a refusal, before anything was kept. After 500 and more a write may have been kept (a timeout of etcd comes
 * as 500, one of the API server as 504), so it is unknown, and no machine sends it again.
 */
export function failureOf(answer: ApiAnswer, access: ApiAccess): Exclude<TargetOutcome, { kind: 'done' }> | undefined {
  switch (answer.kind) {
    case 'not_sent':
      return { kind: 'unavailable', message: answer.why };
    case 'lost':
      return access === 'read'
        ? { kind: 'unavailable', message: `The answer was lost (${answer.why}); a read may be sent again` }
        : { kind: 'unknown', message: `The answer was lost (${answer.why}). It may have been done.` };
    case 'unreadable':
      return unread(answer.status, answer.why, access);
    case 'answered':
      return answer.status >= 200 && answer.status < 300 ? undefined : refusal(answer.status, answer.document, access);
  }
}

function unread(status: number, why: string, access: ApiAccess): Exclude<TargetOutcome, { kind: 'done' }> {
  if (access === 'read' || (status >= 400 && status < 500))
    return { kind: 'refused', code: 'answer_not_read', message: why };
  return { kind: 'unknown', message: `It was answered with ${status}, but the answer could not be read: ${why}` };
}

function refusal(status: number, document: ApiDocument, access: ApiAccess): Exclude<TargetOutcome, { kind: 'done' }> {
  const told = 'json' in document && isObject(document.json) ? document.json : {};
  const code = typeof told['reason'] === 'string' && told['reason'] !== '' ? told['reason'] : nameOf(status);
  if (status === 401) return { kind: 'unavailable', message: `The API server did not take the credential (${code})` };
  if (status >= 500 && access === 'write')
    return { kind: 'unknown', message: `The API server answered ${status} (${code}). It may have been done.` };
  return { kind: 'refused', code, message: messageOf(told, code) };
}

/** RFC 9110 section 15; a proxy on the way answers without a Status. */
const nameOf = (status: number): string => NAMES[status] ?? `HTTP_${status}`;
const NAMES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
};

/** What is invalid is told by field and reason. The message itself quotes what is there, an immutable field whole. */
function messageOf(status: JsonObject, code: string): string {
  if (code !== 'Invalid') return typeof status['message'] === 'string' ? status['message'] : code;
  const details = isObject(status['details']) ? status['details'] : {};
  const causes = Array.isArray(details['causes'])
    ? details['causes'].flatMap((cause: JsonValue) => (isObject(cause) ? [cause] : []))
    : [];
  const told = causes.slice(0, 20).map(({ field, reason }) => `${wordOf(field)} (${wordOf(reason)})`);
  return told.length === 0 ? 'The object is not valid.' : `Not valid: ${told.join(', ')}`;
}

/** A path of a field or a word of the API; a key of a map in it may be anything. */
const wordOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value.replaceAll(/\[[^\]]*[^\]0-9][^\]]*\]/g, '[…]').slice(0, 200) : '';
