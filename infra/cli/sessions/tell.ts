import { styleText } from 'node:util';
import type { Vote } from '../../../shared/domain/approval.ts';
import type { EventBody, Masked, SessionEvent, Submitted, Told, UnmaskedDigest } from '../../../shared/domain/event.ts';
import { plain, table } from '../table.ts';
import type { Story } from './source.ts';

/** A session as it happened: one line an event with its instant, then the answer as a table. */
export function tell({ session, result }: Story): string[] {
  const { submitted } = session;
  const head = `${styleText('bold', session.id)}  ${session.status}  ${submitted.agent.name} on ${submitted.connection}`;
  return [head, ...session.events.flatMap(eventLines), ...(result === undefined ? [] : ['', ...table(result)])];
}

function eventLines(event: SessionEvent): string[] {
  const [first = '', ...others] = describe(event).map(plain);
  const name = styleText('cyan', event.type.padEnd(10));
  return [`${event.at}  ${name} ${first}`, ...others.map((line) => `${' '.repeat(37)}${line}`)];
}

/** In the words of people. A kind without a row here is shown as it is kept. */
// oxlint-disable-next-line complexity -- one flat table; a branch a kind of event, nothing nested
function describe(event: EventBody): string[] {
  switch (event.type) {
    case 'submitted':
      return submittedLines(event.data);
    case 'refused':
      return [`${event.data.code}: ${event.data.message}`];
    case 'decided': {
      const { decision, effects, phase } = event.data;
      const because = decision.policies.map(({ id, message }) => `${id}: ${message}`);
      const what = effects.map(({ action, resource }) => `${action} ${resource.name}`);
      return [`${decision.verdict} (${phase}; policies ${decision.policyVersion.slice(0, 12)})`, ...what, ...because];
    }
    case 'asked': {
      const asks = event.data.asks.map(({ group, quorum }) => `${quorum} of ${group}`).join(', ');
      return [`${asks}, until ${event.data.expiresAt}`, `seal ${event.data.seal}`];
    }
    case 'voted': {
      const { person, verdict, via, as, seal, comment } = event.data;
      const who = as === undefined ? via : `${via}, ${knownAs(as)}`;
      return [`${person}: ${verdict} (${who}), for seal ${seal.slice(0, 16)}…`, ...said('comment', comment)];
    }
    case 'ended':
      return [`${event.data.how}${event.data.by === undefined ? '' : ` by ${event.data.by}`}: ${event.data.why}`];
    case 'intent':
      return [`with ${event.data.credential}`, ...said('approvals', event.data.approvals)];
    case 'told':
      return toldLines(event.data);
    case 'masked':
      return [...maskLines('masked', event.data.masked), ...maskLines('shown, as policy permits', event.data.revealed)];
    case 'outcome':
      return outcomeLines(event.data);
    default:
      return [JSON.stringify(event.data)];
  }
}

function submittedLines({ statement, reason, claimed, parameters }: Submitted): string[] {
  const text = 'text' in statement ? statement.text : `(in blobs/${statement.blob.sha256})`;
  return [
    ...text.split('\n'),
    ...said('parameters', parameters),
    ...said('reason', reason),
    ...said('claimed', claimed),
  ];
}

function toldLines({ occasion, to, missed }: Told): string[] {
  const whom = to.map(({ group, channel }) => `${group} in ${channel}`).join(', ');
  const lost = missed.map(({ group, channel, why }) => `missed ${group} in ${channel}: ${why}`);
  return [`${occasion}: ${whom === '' ? 'nobody' : whom}`, ...lost];
}

const maskLines = (what: string, rules: Masked['masked']): string[] =>
  rules.map((by) => `${what}: ${by.class} in columns ${by.columns.map((at) => at + 1).join(', ')} (${by.rule})`);

const knownAs = (as: NonNullable<Vote['as']>): string =>
  'team' in as
    ? `${as.user} of ${as.team}`
    : as.identities.map(({ issuer, subject }) => `${subject} of ${issuer}`).join(' or ');

function outcomeLines(outcome: Extract<EventBody, { type: 'outcome' }>['data']): string[] {
  const took = `${Math.round(outcome.targetMs)} ms`;
  if (outcome.kind === 'succeeded') {
    const { rowCount, columns } = 'inline' in outcome.result ? outcome.result.inline : outcome.result;
    const masked = columns.filter((column) => column.masked).map(({ name }) => name);
    const shown = masked.length === 0 ? undefined : masked;
    return [`succeeded, ${rowCount} rows, ${took}`, ...said('masked', shown), ...beforeMasking(outcome.unmasked)];
  }
  const unmasked = outcome.kind === 'failed' ? outcome.unmasked : undefined;
  return [`${outcome.kind}, ${took}: ${outcome.message}`, ...beforeMasking(unmasked)];
}

const beforeMasking = (unmasked: UnmaskedDigest | undefined): string[] =>
  unmasked === undefined ? [] : [`before masking: hmac ${unmasked.hmac}, key ${unmasked.key}`];

function said(name: string, value: unknown): string[] {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  return [`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`];
}
