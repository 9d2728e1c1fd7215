import { VOCABULARIES } from '../../shared/connectors/vocabularies.ts';
import type { Bundle } from '../../shared/contracts/config/bundle.ts';
import { formatFault } from '../../shared/contracts/config/fault.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { createClassifier } from '../../shared/masking/classify.ts';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { err } from '../../shared/platform/result.ts';
import { createPolicyEngine } from '../../shared/policy/create-engine.ts';
import { bundleOf, GATEWAY } from '../gateway/world.ts';

export type ConfigurationName =
  'usual' | 'policy changed' | 'approvals not asked' | 'writes forbidden' | 're-pointed' | 'approver gone' | 'broken';

const ask = (id: string, group: string, quorum: number, target: string, more = '') =>
  `@id("${id}") @approval("${group}") @quorum("${String(quorum)}") @expires("5m") ${more} @message("Ask ${group}.")
   forbid (principal, action in Action::"write", resource in Connection::"${target}") unless { context.approvals.contains("${group}") };`;

/** Each with a rule of its own for who is asked, and how. */
const NAMES = ['orders', 'ledger', 'vault', 'foreign', 'capped', 'measured', 'glass'];

const POLICIES = [
  ...NAMES.map(
    (name) => `
      @id("${name}-knows") permit (principal in Group::"ci", action == Action::"connect", resource == Connection::"${name}");
      @id("${name}-reads") permit (principal in Group::"ci", action in Action::"read", resource in Connection::"${name}");
      @id("${name}-writes") permit (principal in Group::"ci", action in Action::"write", resource in Connection::"${name}");`,
  ),
  ask('orders-dba', 'dba', 1, 'orders'),
  ask('ledger-two-dbas', 'dba', 2, 'ledger'),
  ask('vault-leased', 'dba', 1, 'vault', '@lease("60m")'),
  ask('capped-dba', 'dba', 1, 'capped', '@rows_max("100")'),
  ask('measured-dba', 'dba', 1, 'measured', '@rows_tolerance("10%")'),
  ask('glass-dba', 'dba', 1, 'glass').replace(
    'contains("dba")',
    'contains("dba") || (context.breakGlass && principal in Group::"ci")',
  ),
  ask('foreign-second-group', 'sec', 1, 'foreign', '@escalate("dba") @escalate_after("100s")').replace(
    'contains("sec")',
    'containsAny(["sec", "dba"])',
  ),
];

const gateway = {
  ...GATEWAY,
  groups: [...GATEWAY.groups, { name: 'ops', operator: true }],
  people: [
    ...GATEWAY.people,
    {
      ...GATEWAY.people[0],
      id: 'ops-1',
      groups: ['ops'],
      identities: [{ issuer: 'people', subject: 'ops-1' }],
      slack: { team: 'T0ACME0001', user: 'U0OPS1' },
    },
  ],
  connections: NAMES.map((name) => ({ ...GATEWAY.connections[0], name, database: name })),
  limits: { pendingPerAgent: 20 },
};

const withoutDba1 = {
  ...gateway,
  people: gateway.people.map((person) => (person.id === 'dba-1' ? { ...person, groups: ['sec'] } : person)),
};
const elsewhere = {
  ...gateway,
  connections: gateway.connections.map((connection) => ({ ...connection, database: `${connection.database}_copy` })),
};

const BUNDLES: Readonly<Record<Exclude<ConfigurationName, 'broken'>, () => Bundle>> = {
  usual: () => bundleOf(POLICIES, gateway),
  'policy changed': () =>
    bundleOf(
      [...POLICIES, '@id("more") permit (principal in Group::"sec", action in Action::"read", resource);'],
      gateway,
    ),
  'approvals not asked': () => bundleOf(POLICIES.slice(0, NAMES.length), gateway),
  'writes forbidden': () =>
    bundleOf(
      [...POLICIES, '@id("frozen") @message("Frozen.") forbid (principal, action in Action::"write", resource);'],
      gateway,
    ),
  're-pointed': () => bundleOf(POLICIES, elsewhere),
  'approver gone': () => bundleOf(POLICIES, withoutDba1),
};

function runtimeOf(bundle: Bundle): Runtime {
  const engine = createPolicyEngine(bundle, VOCABULARIES);
  if (!engine.ok) throw new Error(engine.error.map(formatFault).join('\n'));
  const authenticator = { authenticate: () => Promise.resolve(err({ code: 'missing' })) };
  return {
    bundle,
    engine: engine.value,
    authenticator: authenticator as unknown as Runtime['authenticator'],
    classify: createClassifier(bundle.gateway.masking),
    scanner: createScanner(bundle.gateway.masking.detectors),
  };
}

const made = new Map<ConfigurationName, Runtime>();

/** The configuration of that name, made once; `undefined` for one that cannot be read. */
export function configuration(name: ConfigurationName): Runtime | undefined {
  if (name === 'broken') return undefined;
  const runtime = made.get(name) ?? runtimeOf(BUNDLES[name]());
  made.set(name, runtime);
  return runtime;
}
