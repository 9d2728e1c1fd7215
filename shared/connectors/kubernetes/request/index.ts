import type { Statement } from '../../../domain/statement.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { answerFormOf } from './accept.ts';
import { refuse } from './fault.ts';
import { readHead } from './head.ts';
import type { KubeRequest } from './model.ts';
import { readPath } from './path.ts';
import { readQuery } from './query.ts';

/** A statement's text as the request that it is. A function of the text alone. */
export function readRequest({ text, parameters }: Statement): Result<KubeRequest, StatementFault> {
  if (parameters !== undefined)
    return refuse(
      'parameters_invalid',
      'has no places for parameters: a request to Kubernetes says everything itself.',
    );
  const head = readHead(text);
  if (!head.ok) return head;
  const { method, target, contentType, accept } = head.value;
  if (target.includes('#')) return refuse('syntax_error', 'has a fragment (#), which no request carries.');
  const at = target.indexOf('?');
  const query = readQuery(at === -1 ? '' : target.slice(at + 1));
  if (!query.ok) return query;
  const path = readPath(method, at === -1 ? target : target.slice(0, at), query.value);
  if (!path.ok) return path;
  const form = answerFormOf(accept);
  if (form === undefined)
    return refuse('syntax_error', 'accepts nothing that can be answered: ask for application/json.');
  const type = contentType === undefined ? {} : { contentType: (contentType.split(';')[0] ?? '').trim().toLowerCase() };
  return ok({ ...path.value, method, query: query.value, accept: form, ...type });
}
