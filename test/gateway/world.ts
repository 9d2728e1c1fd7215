import { bundleSchema, type Bundle } from '../../shared/contracts/config/bundle.ts';
import { formatFault } from '../../shared/contracts/config/fault.ts';
import { VOCABULARIES } from '../../shared/connectors/vocabularies.ts';
import type { Agent } from '../../shared/domain/caller.ts';
import type { Occasion } from '../../shared/domain/event.ts';
import type { Session } from '../../shared/domain/session.ts';
import type { ExecuteCall } from '../../shared/gateway/answered.ts';
import { castBallot } from '../../shared/gateway/approval/cast-ballot.ts';
import { execute } from '../../shared/gateway/execute.ts';
import type { Measures } from '../../shared/contracts/metrics.ts';
import { createCatalogues } from '../../shared/gateway/intake/catalogues.ts';
import type { Notifier } from '../../shared/gateway/ports/notifier.ts';
import type { Workflow } from '../../shared/gateway/ports/workflow.ts';
import type { Runtime, RuntimeSource } from '../../shared/gateway/runtime.ts';
import { createClassifier } from '../../shared/masking/classify.ts';
import { createScanner } from '../../shared/masking/detectors/index.ts';
import { err, ok } from '../../shared/platform/result.ts';
import { createPolicyEngine } from '../../shared/policy/create-engine.ts';
import { memoryArchive, memoryBlobs, memoryObjects, memorySpare } from '../support/memory-objects.ts';
import { memoryControls } from '../support/memory-controls.ts';
import { memoryKeyedDigests } from '../support/keyed-digests.ts';
import { memoryNotices } from '../support/memory-notices.ts';
import { memorySessionStore } from '../support/memory-session-store.ts';
import { scriptedConnector } from '../support/scripted-connector.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;

const connection = (name: string) => ({
  name,
  kind: 'postgres',
  environment: 'production',
  resourceArn: arn('rds', `cluster:${name}`),
  secretArn: arn('secretsmanager', `secret:${name}/write-AbCdEf`),
  readSecretArn: arn('secretsmanager', `secret:${name}/read-AbCdEf`),
  database: name,
});

const person = (id: string, groups: string[]) => ({
  id,
  name: 'Same Name',
  groups,
  identities: [{ issuer: 'people', subject: id }],
  slack: { team: 'T0ACME0001', user: `U0${id.toUpperCase().replaceAll('-', '')}` },
});

export const GATEWAY = {
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
  groups: [
    { name: 'ci' },
    { name: 'dba', slackChannel: 'C0DBA' },
    { name: 'sec', slackChannel: 'C0SEC' },
    { name: 'auditor', auditor: true },
  ],
  people: [
    person('dba-1', ['dba']),
    person('dba-2', ['dba']),
    person('both', ['dba', 'sec']),
    person('sec-1', ['sec']),
    person('lead', ['dba']),
    person('auditor', ['auditor']),
  ],
  connections: ['orders', 'ledger', 'vault', 'foreign'].map(connection),
  slack: { team: 'T0ACME0001', secretArn: arn('secretsmanager', 'secret:slack-AbCdEf') },
  masking: { columns: [{ match: '*.public.customers.email', class: 'pii.email' }] },
  limits: { pendingPerAgent: 3 },
};

const ask = (id: string, group: string, quorum: number, target: string) =>
  `@id("${id}") @approval("${group}") @quorum("${String(quorum)}") @expires("30m") @message("Ask ${group}.")
   forbid (principal, action in Action::"write", resource in Connection::"${target}") unless { context.approvals.contains("${group}") };`;

export const POLICIES = [
  ...['orders', 'ledger', 'vault'].map(
    (name) => `
      @id("${name}-knows") permit (principal in Group::"ci", action == Action::"connect", resource == Connection::"${name}");
      @id("${name}-reads") permit (principal in Group::"ci", action in Action::"read", resource in Connection::"${name}");
      @id("${name}-writes") permit (principal in Group::"ci", action in Action::"write", resource in Connection::"${name}");`,
  ),
  ask('orders-dba', 'dba', 1, 'orders'),
  ask('ledger-two-dbas', 'dba', 2, 'ledger'),
  ask('vault-dba', 'dba', 1, 'vault'),
  ask('vault-sec', 'sec', 1, 'vault'),
];

export const bundleOf = (policies: readonly string[] = POLICIES, gateway: object = GATEWAY): Bundle =>
  bundleSchema.parse({ gateway, policies: [{ name: 'all.cedar', text: policies.join('\n') }] });

export const bot: Agent = {
  kind: 'agent',
  issuer: 'ci',
  issuerUrl: 'https://ci.example',
  subject: 'bot',
  name: 'bot',
  groups: ['ci'],
  owner: 'lead',
  act: [],
  claims: { sub: 'bot' },
};

function runtimeOf(bundle: Bundle): Runtime {
  const engine = createPolicyEngine(bundle, VOCABULARIES);
  if (!engine.ok) throw new Error(engine.error.map(formatFault).join('\n'));
  return {
    bundle,
    engine: engine.value,
    authenticator: {
      authenticate: () => Promise.resolve(err({ code: 'missing' })),
    } as unknown as Runtime['authenticator'],
    classify: createClassifier(bundle.gateway.masking),
    scanner: createScanner(bundle.gateway.masking.detectors),
  };
}

const usual = runtimeOf(bundleOf());

export interface MemoryWorkflow extends Workflow {
  readonly started: string[];
  readonly woken: { token: string; outcome: string }[];
}

export function createWorld() {
  let now = Date.parse('2026-11-21T10:00:00.000Z');
  let counter = 0;
  let runtime: Runtime | undefined = usual;
  const journal: string[] = [];
  const logged: string[] = [];
  const measured: Measures[] = [];
  const started: string[] = [];
  const woken: { token: string; outcome: string }[] = [];
  const told: { channel: string; kind: 'ask' | 'update' | Occasion | 'review'; status: string }[] = [];
  const unavailable = err({ code: 'configuration_unavailable', message: 'none' } as const);
  const source: RuntimeSource = {
    current: () => Promise.resolve(runtime === undefined ? unavailable : ok(runtime)),
    fresh: () => Promise.resolve(runtime === undefined ? unavailable : ok(runtime)),
  };
  const workflow: MemoryWorkflow = {
    started,
    woken,
    start: (session) => {
      started.push(session);
      return Promise.resolve(ok(undefined));
    },
    tell: (session) => {
      started.push(session);
      return Promise.resolve(ok(undefined));
    },
    wake: (token, { outcome }) => {
      woken.push({ token, outcome });
      return Promise.resolve(ok(undefined));
    },
  };
  const notifier: Notifier = {
    ask: (view, channel) => {
      told.push({ channel, kind: 'ask', status: view.status });
      return Promise.resolve(ok({ channel, ts: String((counter += 1)) }));
    },
    update: (view, { channel }) => {
      told.push({ channel, kind: 'update', status: view.status });
      return Promise.resolve(ok(undefined));
    },
    remind: (view, { channel }, occasion) => {
      told.push({ channel, kind: occasion, status: view.status });
      return Promise.resolve(ok(undefined));
    },
  };
  const clock = () => new Date(now);
  const log = {
    info: (message: string) => logged.push(message),
    warn: (message: string) => logged.push(message),
    error: (message: string) => logged.push(message),
  };
  const connector = scriptedConnector();
  const controls = memoryControls();
  const store = memorySessionStore(controls);
  const deps = {
    runtime: source,
    clock,
    nonce: () => (counter += 1).toString(16).padStart(32, '0'),
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
    log,
    metrics: { record: (measures: Measures) => measured.push(measures) },
    store,
    blobs: memoryBlobs(),
    spare: memorySpare(),
    outcomes: memoryObjects(),
    controls,
    keyedDigests: memoryKeyedDigests(),
    archive: memoryArchive(),
    workflow: workflow as Workflow,
    notices: memoryNotices(),
    notifier,
    connectors: new Map([['postgres', connector]]),
    catalogues: createCatalogues(clock, log),
  };
  const world = {
    deps,
    store,
    connector,
    workflow,
    told,
    logged,
    measured,
    journal,
    /** Puts what a port does on the journal, in order: `name` before the call, `name!` after. */
    trace: () => {
      deps.store = journalled(deps.store, journal);
      deps.blobs = journalled(deps.blobs, journal);
    },
    advance: (seconds: number) => (now += seconds * 1_000),
    configure: (bundle: Bundle | undefined) => (runtime = bundle === undefined ? undefined : runtimeOf(bundle)),
    runtime: () => runtime ?? usual,
    execute: (statement: string, more: Partial<ExecuteCall['request']> = {}, call: Partial<ExecuteCall> = {}) =>
      execute(deps, runtime ?? usual, { agent: bot, request: { connection: 'orders', statement, ...more }, ...call }),
    /** A statement that waits for people; fails the test when it does not. */
    ask: async (connection = 'orders', statement = 'UPDATE customers', agent = bot): Promise<Session> => {
      const answered = await world.execute(statement, { connection }, { agent });
      if (!answered.ok) throw new Error(answered.error.refusal.code);
      return answered.value.session;
    },
    vote: (
      session: Session,
      person: string,
      more: { seal?: string; verdict?: 'approve' | 'deny'; comment?: string } = {},
    ) =>
      castBallot(deps, {
        session: session.id,
        seal: more.seal ?? session.asked?.seal ?? '',
        verdict: more.verdict ?? 'approve',
        ...(more.comment === undefined ? {} : { comment: more.comment }),
        voter: { via: 'api', person },
      }),
    status: (session: Session) => store.sessionOf(session.id).status,
    why: (session: Session) => store.sessionOf(session.id).ended?.why ?? '',
  };
  return world;
}

export type World = ReturnType<typeof createWorld>;

/** The port with every call of it written down. */
export function journalled<T extends object>(port: T, journal: string[]): T {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return async (...values: unknown[]) => {
        journal.push(String(name));
        const answer: unknown = await Reflect.apply(member, target, values);
        journal.push(`${String(name)}!`);
        return answer;
      };
    },
  });
}
