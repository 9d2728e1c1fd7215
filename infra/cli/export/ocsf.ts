import type { Vote } from '../../../shared/domain/approval.ts';
import type { Agent } from '../../../shared/domain/caller.ts';
import type { ActionGroup, Effect } from '../../../shared/domain/effect.ts';
import type { Session } from '../../../shared/domain/session.ts';
import type { SessionStatus } from '../../../shared/domain/session-status.ts';
import { OCSF_VERSION, type OcsfEvent } from './ocsf-schema.ts';

/** A session as OCSF events: the activity itself (6005 for SQL, 6003 for APIs), and one 3003 a vote. */
export function ocsfEvents(session: Session): readonly OcsfEvent[] {
  const activity = isSql(session) ? datastoreActivity(session) : apiActivity(session);
  return [
    activity,
    ...session.events.flatMap((event) => (event.type === 'voted' ? [vote(session, event.data, event.seq)] : [])),
  ];
}

/** By what was found in it; a session that was refused before is taken for SQL, the kind that is most common. */
const isSql = ({ decided }: Session): boolean =>
  decided === undefined || decided.effects.every(({ action }) => !action.startsWith('k8s:'));

/** Groups of effects, the worst first: a read of one table that writes another is a write. */
const WORST: readonly ActionGroup[] = ['administer', 'execute', 'define', 'destroy', 'write', 'read'];

/** Activities of class 6005. What OCSF has no word for is 99, with ours. */
const DATASTORE: Readonly<Record<string, readonly [number, string]>> = {
  'sql:select': [4, 'Query'],
  'sql:insert': [5, 'Write'],
  'sql:update': [2, 'Update'],
  'sql:merge': [5, 'Write'],
  'sql:delete': [7, 'Delete'],
  'sql:truncate': [7, 'Delete'],
  'sql:drop': [7, 'Delete'],
  'sql:create': [6, 'Create'],
};
const DATASTORE_GROUPS: Readonly<Record<string, readonly [number, string]>> = {
  read: [4, 'Query'],
  write: [5, 'Write'],
  destroy: [7, 'Delete'],
};

function datastoreActivityOf(effects: readonly Effect[]): readonly [number, string] {
  const worst = WORST.map((group) => effects.find((effect) => effect.group === group)).find((found) => found);
  if (worst === undefined) return [0, 'Unknown'];
  return DATASTORE[worst.action] ?? DATASTORE_GROUPS[worst.group] ?? [99, worst.action];
}

const API: Readonly<Record<string, readonly [number, string]>> = {
  create: [1, 'Create'],
  get: [2, 'Read'],
  list: [2, 'Read'],
  watch: [2, 'Read'],
  update: [3, 'Update'],
  patch: [3, 'Update'],
  delete: [4, 'Delete'],
  deletecollection: [4, 'Delete'],
};

function datastoreActivity(session: Session): OcsfEvent {
  const effects = session.decided?.effects ?? [];
  const [id, name] = datastoreActivityOf(effects);
  const { statement, connection } = session.submitted;
  const table = effects.find(({ resource }) => resource.kind === 'relation')?.resource.name;
  return {
    ...common(session, id, name),
    category_uid: 6,
    class_uid: 6005,
    type_uid: 600_500 + id,
    ...ends(session),
    database: { name: connection, type_id: 1, type: 'Relational' },
    ...(table === undefined ? {} : { table: { name: table } }),
    query_info: { query_string: 'text' in statement ? statement.text : `sha256:${statement.blob.sha256}` },
    type_id: 1,
  };
}

function apiActivity(session: Session): OcsfEvent {
  const effects = session.decided?.effects ?? [];
  const [first] = effects;
  const verb = first?.action.split(':')[1] ?? '';
  const [id, name] = API[verb] ?? [99, verb];
  return {
    ...common(session, id, name),
    category_uid: 6,
    class_uid: 6003,
    type_uid: 600_300 + id,
    ...ends(session),
    api: { operation: first?.action ?? 'unknown', service: { name: session.submitted.connection } },
    resources: effects.map(resourceOf),
  };
}

const resourceOf = ({ resource }: Effect) => ({ name: resource.name, type: resource.kind });

/** OCSF has no class for a vote; Authorize Session is the one that gives a session its privileges. */
function vote(session: Session, { person, verdict, groups, at, via, seal, comment }: Vote, seq: number): OcsfEvent {
  const [group] = session.asked?.asks.filter((ask) => groups.includes(ask.group)) ?? [];
  const actions = [...new Set(session.decided?.effects.map(({ action }) => action) ?? [])];
  const approved = verdict === 'approve';
  return {
    ...common(session, 1, 'Assign Privileges', seq, at),
    message: `${person} ${approved ? 'approved' : 'denied'} ${session.id}`,
    status_id: approved ? 1 : 2,
    status: approved ? 'Success' : 'Failure',
    category_uid: 3,
    class_uid: 3003,
    type_uid: 300_301,
    user: agentUser(session.submitted.agent),
    actor: { user: { uid: person, name: person, type_id: 1, type: 'User', groups: groups.map((name) => ({ name })) } },
    session: { uid: session.id },
    ...(group === undefined ? {} : { group: { name: group.group } }),
    privileges: actions,
    unmapped: { verdict, via, seal, ...(comment === undefined ? {} : { comment }) },
  };
}

function common(session: Session, activity: number, name: string, seq = 0, at = session.startedAt) {
  const [status_id, status] = STATUS[session.status];
  const verdict = session.decided?.decision.verdict;
  return {
    activity_id: activity,
    activity_name: name,
    time: Date.parse(at),
    severity_id: SEVERITY[session.status],
    status_id,
    status,
    message: `${session.submitted.agent.name} on ${session.submitted.connection}: ${session.status}`,
    metadata: {
      version: OCSF_VERSION,
      uid: `${session.id}/${seq}`,
      correlation_uid: session.id,
      product: { name: 'Countersign', vendor_name: 'Countersign' },
    },
    unmapped: {
      status: session.status,
      chain_head: session.head.hash,
      ...(verdict === undefined ? {} : { verdict }),
      policies: session.decided?.decision.policies.map(({ id }) => id) ?? [],
    },
  } as const;
}

const SUCCESS = [1, 'Success'] as const;
const FAILURE = [2, 'Failure'] as const;
const STATUS: Readonly<Record<SessionStatus, readonly [0 | 1 | 2 | 99, string]>> = {
  succeeded: SUCCESS,
  failed: FAILURE,
  blocked: FAILURE,
  denied: FAILURE,
  expired: FAILURE,
  cancelled: FAILURE,
  unknown_outcome: [0, 'Unknown'],
  running: [99, 'Other'],
  pending_approval: [99, 'Other'],
};

/** Informational where it went as it should, low where it was refused, medium where nobody knows what happened. */
const SEVERITY: Readonly<Record<SessionStatus, 1 | 2 | 3>> = {
  succeeded: 1,
  cancelled: 1,
  running: 1,
  pending_approval: 1,
  failed: 2,
  blocked: 2,
  denied: 2,
  expired: 2,
  unknown_outcome: 3,
};

const ends = ({ submitted: { agent, connection, claimed } }: Session) => {
  const pipeline = claimed?.['pipeline'];
  return {
    actor: { user: agentUser(agent), ...(typeof pipeline === 'string' ? { app_name: pipeline } : {}) },
    src_endpoint: { name: agent.issuerUrl, type_id: 99, type: 'Token issuer' },
    dst_endpoint: { name: connection, type_id: 99, type: 'Connection' },
  } as const;
};

const agentUser = ({ subject, name, groups }: Agent) =>
  ({ uid: subject, name, type_id: 99, type: 'Agent', groups: groups.map((group) => ({ name: group })) }) as const;
