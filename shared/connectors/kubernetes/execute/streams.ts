import { STREAMS, subresourceAction } from '../analysis/subresources.ts';
import type { KubeRequest } from '../request/model.ts';
import { isSet } from '../request/query.ts';

/**
 * Why a request cannot pass a gateway that answers each call once, and what to do instead. Policy has judged it by then as what
 * it is: that it cannot be carried is no reason to call it harmless.
 */
export function whyNotCarried(request: KubeRequest): string | undefined {
  if (request.kind === 'path') return undefined;
  const { verb, legacy, subresource, query, name } = request;
  if (verb === 'watch')
    return 'Watching keeps a connection open, and this gateway answers each request once. List again instead (kubectl get without -w, delete with --wait=false).';
  const action = subresource === '' ? undefined : subresourceAction(request);
  if (legacy === 'proxy' || (action !== undefined && action !== 'verb' && STREAMS.has(action)))
    return `${subresource || 'proxy'} ${name === '' ? '' : `of ${name} `}needs a connection that stays open, which this gateway does not carry.`;
  if (subresource === 'log' && isSet(query, 'follow'))
    return 'Following a log keeps a connection open. Ask for the last lines instead (kubectl logs --tail=100).';
  return undefined;
}
