import { stripVTControlCharacters, styleText } from 'node:util';
import type { Vote } from '../../../shared/domain/approval.ts';
import type { EventBody, SessionEvent } from '../../../shared/domain/event.ts';
import type { MaskedResult } from '../../../shared/domain/result-set.ts';
import type { Story } from './source.ts';

/** Rows of an answer that are shown; the rest is counted. */
const MAX_ROWS = 50;
/** Characters of a cell. */
const MAX_CELL = 60;

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

/** What others wrote must not move the cursor of who reads it. Line ends and tabs stay. */
const plain = (text: string): string =>
  stripVTControlCharacters(text).replace(
    /[^\P{Cc}\n\t]/gu,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** In the words of people. A kind without a row here is shown as it is kept. */
function describe(event: EventBody): string[] {
  switch (event.type) {
    case 'submitted': {
      const { statement, reason, claimed, parameters } = event.data;
      const text = 'text' in statement ? statement.text : `(in blobs/${statement.blob.sha256})`;
      return [
        ...text.split('\n'),
        ...said('parameters', parameters),
        ...said('reason', reason),
        ...said('claimed', claimed),
      ];
    }
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
    case 'outcome':
      return outcomeLines(event.data);
    default:
      return [JSON.stringify(event.data)];
  }
}

const knownAs = (as: NonNullable<Vote['as']>): string =>
  'team' in as
    ? `${as.user} of ${as.team}`
    : as.identities.map(({ issuer, subject }) => `${subject} of ${issuer}`).join(' or ');

function outcomeLines(outcome: Extract<EventBody, { type: 'outcome' }>['data']): string[] {
  const took = `${Math.round(outcome.targetMs)} ms`;
  if (outcome.kind === 'succeeded') {
    const { rowCount, columns } = 'inline' in outcome.result ? outcome.result.inline : outcome.result;
    const masked = columns.filter((column) => column.masked).map(({ name }) => name);
    return [`succeeded, ${rowCount} rows, ${took}`, ...said('masked', masked.length === 0 ? undefined : masked)];
  }
  return [`${outcome.kind}, ${took}: ${outcome.message}`];
}

function said(name: string, value: unknown): string[] {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  return [`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`];
}

/** The masked answer. Columns that were masked are marked with a star. */
function table({ columns, rows, rowCount, truncated }: MaskedResult): string[] {
  const head = columns.map(({ name, masked }) => `${plain(name)}${masked ? '*' : ''}`);
  const shown = rows.slice(0, MAX_ROWS).map((row) => row.map(cell));
  const widths = head.map((name, at) => Math.max(name.length, ...shown.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, at) => text.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const rest =
    rowCount > shown.length || truncated ? [`(${rowCount} rows, ${shown.length} shown)`] : [`(${rowCount} rows)`];
  return [...(head.length === 0 ? [] : [styleText('bold', line(head))]), ...shown.map(line), ...rest];
}

function cell(value: unknown): string {
  const text = plain(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[\n\t]/g, ' ');
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text;
}
