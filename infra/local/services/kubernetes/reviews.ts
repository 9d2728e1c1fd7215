import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { Reply } from './objects.ts';
import type { Fault } from './status.ts';
import { readBody } from './wire/body.ts';
import type { ObjectRequest } from './wire/request.ts';

/** Who the one credential is. */
export const SELF = 'system:serviceaccount:kube-system:countersign';

/**
 * What `kubectl auth can-i` and `auth whoami` ask. The one service account may do everything: roles and bindings are kept
 * as objects here, and nothing is enforced by them.
 */
export function askedOf({ kind, contentType, body }: ObjectRequest): Result<Reply, Fault> {
  const asked = readBody(contentType, body);
  if (!asked.ok) return asked;
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
  const statuses = {
    SelfSubjectAccessReview: { allowed: true, reason: 'the embedded Kubernetes API enforces no roles' },
    SelfSubjectRulesReview: {
      resourceRules: [everything],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
    SelfSubjectReview: { userInfo: { username: SELF, groups: ['system:serviceaccounts', 'system:authenticated'] } },
  };
  const status = Object.entries(statuses).find(([name]) => name === kind.kind)?.[1] ?? {};
  return ok({ status: 201, body: { ...asked.value, status } });
}
