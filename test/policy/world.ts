import { bundleSchema } from '../../shared/contracts/config/bundle.ts';
import type { Bundle } from '../../shared/contracts/config/bundle.ts';
import type { Agent } from '../../shared/domain/caller.ts';
import type { ActionGroup, AttributeValue, Effect } from '../../shared/domain/effect.ts';
import type { Vocabulary } from '../../shared/domain/vocabulary.ts';
import { createPolicyEngine } from '../../shared/policy/create-engine.ts';
import type { LoadedEngine } from '../../shared/policy/create-engine.ts';
import type { Circumstances } from '../../shared/policy/engine.ts';
import { formatFault } from '../../shared/contracts/config/fault.ts';

/** A small vocabulary of its own: the engine must not know SQL. */
export const TOY: Vocabulary = {
  kind: 'postgres',
  actions: {
    'sql:select': 'read',
    'sql:update': 'write',
    'sql:delete': 'write',
    'sql:drop': 'destroy',
    'sql:call': 'execute',
  },
  resourceKinds: ['relation', 'function'],
  attributes: {
    unbounded: { type: 'boolean', default: false },
    rows: { type: 'number', default: 0 },
    via: { type: 'string', default: '' },
    tags: { type: 'strings', default: [] },
  },
  container: {
    type: 'Schema',
    of: ({ name }) => (name.split('.').length > 2 ? 'ambiguous' : { name: name.split('.')[0] ?? '' }),
  },
};

export const orders = { name: 'orders', kind: 'postgres', environment: 'production' };
export const staging = { name: 'orders-staging', kind: 'postgres', environment: 'staging' };

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

export function bundleOf(...policies: string[]): Bundle {
  return bundleSchema.parse({
    gateway: {
      version: 1,
      publicUrl: 'https://gateway.example',
      issuers: [
        {
          name: 'ci',
          for: 'agents',
          url: 'https://ci.example',
          audience: 'countersign',
          rules: [{ name: 'bot', claims: { sub: 'bot' }, groups: ['ci'] }],
        },
        { name: 'people', for: 'people', url: 'https://people.example', audience: 'countersign' },
      ],
      groups: ['ci', 'dba', 'sre', 'security', 'support', 'empty'].map((name) => ({ name })),
      people: [1, 2, 3].map((n) => ({ id: `p-${String(n)}`, name: 'P', groups: ['dba', 'sre', 'security'] })),
      connections: [orders, staging].map((facts) => ({
        ...facts,
        resourceArn: arn('rds', 'cluster:o'),
        secretArn: arn('secretsmanager', 'secret:o'),
        database: 'orders',
      })),
    },
    policies: policies.map((text, at) => ({ name: `p${String(at)}.cedar`, text })),
  });
}

export function faultsOf(...policies: string[]): string {
  const engine = createPolicyEngine(bundleOf(...policies), [TOY]);
  return engine.ok ? 'no fault' : engine.error.map(formatFault).join('\n');
}

export function engineOf(...policies: string[]): LoadedEngine {
  const engine = createPolicyEngine(bundleOf(...policies), [TOY]);
  if (!engine.ok) throw new Error(engine.error.map(formatFault).join('\n'));
  return engine.value;
}

export const bot: Agent = {
  kind: 'agent',
  issuer: 'ci',
  issuerUrl: 'https://ci.example',
  subject: 'bot',
  name: 'bot',
  groups: ['ci'],
  act: [],
  claims: { repository_id: '7' },
};

export const quiet: Circumstances = { approvals: [], breakGlass: false, reason: '', ticket: '', pipeline: '' };

export function effect(
  action: string,
  name = 'public.customers',
  attributes: Record<string, AttributeValue> = {},
): Effect {
  const group: ActionGroup | undefined = TOY.actions[action];
  return {
    action,
    group: group ?? 'read',
    resource: { kind: action === 'sql:call' ? 'function' : 'relation', name },
    attributes,
  };
}

export const PERMIT_READ =
  '@id("read") permit (principal in Group::"ci", action in Action::"read", resource in Connection::"orders");';
export const PERMIT_WRITE =
  '@id("write") permit (principal in Group::"ci", action in Action::"write", resource in Connection::"orders");';
export const ASK_DBA =
  '@id("ask-dba") @approval("dba") @quorum("1") @expires("30m") @message("Ask a DBA.") forbid (principal, action in Action::"write", resource in Connection::"orders") unless { context.approvals.contains("dba") };';
