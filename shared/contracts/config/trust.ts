/** The part of an agents' issuer that decides whom it makes trusted. */
export interface TrustRule {
  readonly name: string;
  readonly claims: Readonly<Record<string, string | number | boolean>>;
}

/** What is wrong with a trust rule, where (a path below the issuer), and what to write instead. */
export interface TrustFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Provider = 'github' | 'gitlab' | 'kubernetes' | 'oidc';

/**
 * Claims that identify a workload for good. `all` must be in the rule, and one of `any` where it is given: an owner's or
 * a namespace's id alone would trust everybody who can create a repository there.
 * Sources: GitHub "OpenID Connect reference", GitLab "ID token authentication", Kubernetes "Bound service account tokens".
 */
const ANCHORS: readonly { of: Provider; all: string; any?: readonly string[] }[] = [
  { of: 'github', all: 'repository_id' },
  { of: 'github', all: 'repository_owner_id', any: ['job_workflow_ref', 'environment'] },
  { of: 'gitlab', all: 'project_id' },
  { of: 'gitlab', all: 'namespace_id', any: ['ci_config_ref_uri', 'environment'] },
  { of: 'kubernetes', all: '/kubernetes.io/serviceaccount/uid' },
  { of: 'kubernetes', all: 'sub' },
  { of: 'oidc', all: 'sub' },
];

const REMEDY: Readonly<Record<Provider, string>> = {
  github: 'add repository_id, or repository_owner_id together with job_workflow_ref or environment',
  gitlab: 'add project_id, or namespace_id together with ci_config_ref_uri or environment',
  kubernetes: 'add "/kubernetes.io/serviceaccount/uid", or an exact sub',
  oidc: 'add an exact sub, or the immutable ids of the provider (repository_id, project_id, …)',
};

/** Subjects that CI providers build from names: whoever registers the name again gets the subject. */
const NAMED_SUBJECT = /^(repo|repository|project_path|organization|pipeline):/;

/** Which provider an issuer is, where its address tells. A self-hosted one is `oidc`, and any provider's ids count. */
export function providerOf(issuerUrl: string): Provider {
  const { hostname, pathname } = new URL(issuerUrl);
  if (hostname === 'token.actions.githubusercontent.com' || pathname.endsWith('/_services/token')) return 'github';
  if (hostname === 'gitlab.com') return 'gitlab';
  if (/^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(hostname)) return 'kubernetes';
  return hostname === 'container.googleapis.com' ? 'kubernetes' : 'oidc';
}

/** Faults of all rules of an issuer; empty when each stands on something that cannot be registered again. */
export function trustFaults(issuer: { readonly url: string; readonly rules: readonly TrustRule[] }): TrustFault[] {
  const provider = providerOf(issuer.url);
  return issuer.rules.flatMap((rule, index) => {
    const path = ['rules', index, 'claims'];
    const values = valueFaults(rule, path);
    if (values.length > 0) return values;
    return [...anchorFaults(rule, provider, path), ...shadowFaults(rule, issuer.rules.slice(0, index), index)];
  });
}

function valueFaults(rule: TrustRule, path: TrustFault['path']): TrustFault[] {
  return Object.entries(rule.claims).flatMap(([claim, value]) => {
    if (typeof value === 'string' && /[*?]/.test(value)) {
      return [
        {
          path: [...path, claim],
          message: `"${claim}" holds a wildcard; a claim equals its value, so name it exactly`,
        },
      ];
    }
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      return [{ path: [...path, claim], message: `"${claim}" is not an exact number; write the id in quotes` }];
    }
    return [];
  });
}

function anchorFaults(rule: TrustRule, provider: Provider, path: TrustFault['path']): TrustFault[] {
  const counts = (of: Provider) => provider === 'oidc' || of === provider;
  const anchored = ANCHORS.some(
    ({ of, all, any }) =>
      counts(of) && isId(rule.claims, all) && (any === undefined || any.some((claim) => isId(rule.claims, claim))),
  );
  if (anchored) return [];
  const named = Object.keys(rule.claims).join(', ') || 'nothing';
  const why = `rule "${rule.name}" trusts only what others can also get or register again (${named})`;
  return [{ path, message: `${why}; ${REMEDY[provider]}` }];
}

function isId(claims: TrustRule['claims'], claim: string): boolean {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (value === undefined || typeof value === 'boolean') return false;
  return claim !== 'sub' || !NAMED_SUBJECT.test(String(value));
}

/** The first rule that matches counts, so one whose claims include an earlier rule's can never be reached. */
function shadowFaults(rule: TrustRule, earlier: readonly TrustRule[], index: number): TrustFault[] {
  const twin = earlier.find((other) => other.name === rule.name);
  if (twin)
    return [
      { path: ['rules', index, 'name'], message: `rule "${rule.name}" is there twice; give each a name of its own` },
    ];
  const above = earlier.find((other) =>
    Object.entries(other.claims).every(
      ([claim, value]) => Object.hasOwn(rule.claims, claim) && String(rule.claims[claim]) === String(value),
    ),
  );
  if (!above) return [];
  return [
    {
      path: ['rules', index],
      message: `rule "${rule.name}" is never reached: "${above.name}" above it matches first; put the narrower one first`,
    },
  ];
}
