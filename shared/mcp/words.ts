import type { CallToolResult } from '@modelcontextprotocol/server';
import { problemOf } from '../contracts/api/problem.ts';
import type { MaskedResult } from '../domain/result-set.ts';
import type { Session } from '../domain/session.ts';
import { viewSession } from '../gateway/view-session.ts';
import { toJson, type JsonObject, type JsonValue } from '../platform/json-value.ts';
import type { ToolAnswer } from './answer.ts';
import { fenced, type Frame } from './fence.ts';
import { objectOf } from './objects.ts';
import { inTermsOfTools } from './terms.ts';
import { needOf } from './waiting.ts';

/** As `Retry-After` over HTTP says: people take longer, and get_session holds the line itself. */
export const RETRY_AFTER_MS = 2_000;

const SAME_CALL = 'It was the same call before; nothing ran now. To do it once more on purpose, raise `attempt`.';

/** An answer in the words of MCP: text for the model, the same as structure for programs. */
export function toResult(answer: ToolAnswer, frame: Frame): CallToolResult {
  switch (answer.kind) {
    case 'done':
      return done(answer, frame);
    case 'waiting':
      return waiting(answer, frame);
    case 'refused':
      return refusal(answer);
    case 'told': {
      const data = answer.untrusted === undefined ? undefined : fenced(answer.untrusted, frame);
      return said(
        [answer.words, data?.cut],
        { ...answer.facts, ...(data === undefined ? {} : { data: data.text }) },
        data?.text,
      );
    }
  }
}

function done(answer: Extract<ToolAnswer, { kind: 'done' }>, frame: Frame): CallToolResult {
  const { session, result, recorded, repeated } = answer;
  // A write without RETURNING has nothing of the target's to show.
  const shown = result !== undefined && result.columns.length > 0;
  const data = shown ? fenced(rowsOf(result), frame) : undefined;
  const facts: JsonObject = {
    session: session.id,
    status: session.status,
    ...(session.asked === undefined ? {} : { seal: session.asked.seal }),
    ...(result === undefined
      ? {}
      : {
          rowCount: result.rowCount,
          truncated: result.truncated,
          masked: maskedIn(result).map(({ label: _, ...column }) => column),
        }),
    ...(recorded ? {} : { recorded: false }),
    ...(repeated ? { repeated: true } : {}),
    ...(data === undefined ? {} : { data: data.text }),
  };
  return said([...wordsOf(session, result, repeated), data?.cut], facts, data?.text);
}

function wordsOf(session: Session, result: MaskedResult | undefined, repeated: boolean): readonly string[] {
  const masked = result === undefined ? [] : maskedIn(result);
  return [
    repeated ? `Done at ${session.updatedAt}. ${SAME_CALL}` : 'Done.',
    result === undefined
      ? ''
      : `${String(result.rowCount)} ${result.rowCount === 1 ? 'row' : 'rows'}${result.truncated ? ', cut off by a limit' : ''}.`,
    masked.length === 0 ? '' : `Masked: ${masked.map(({ label, class: name }) => `${label} (${name})`).join(', ')}.`,
    `Session ${session.id}.`,
  ];
}

function waiting(
  { session, repeated }: Extract<ToolAnswer, { kind: 'waiting' }>,
  { publicUrl }: Frame,
): CallToolResult {
  const { approval } = viewSession(session);
  // The page that people are led to; the agent itself has get_session.
  const link = new URL(`/sessions/${session.id}`, publicUrl).href;
  const facts: JsonObject = {
    status: session.status,
    session: session.id,
    ...(approval === undefined
      ? {}
      : { asked: toJson(approval.groups), needed: toJson(approval.needed), until: approval.expiresAt }),
    link,
    retryAfterMs: RETRY_AFTER_MS,
    ...(repeated ? { repeated: true } : {}),
  };
  if (session.status === 'running')
    return said([`It runs at this moment. Call get_session with ${session.id}.`], facts);
  return said(
    [
      `Nothing has run yet. ${needOf(session)} Call get_session with session ${session.id} to wait, or go on with other work and come back.`,
    ],
    facts,
  );
}

function refusal(answer: Extract<ToolAnswer, { kind: 'refused' }>): CallToolResult {
  const told = problemOf(answer.refusal, answer.session);
  const problem = { ...told, detail: inTermsOfTools(told.detail) };
  const fine = answer.fine ?? [];
  const left = fine.length === 0 ? '' : ` Policy would let through: ${fine.join('; ')}.`;
  const before = answer.repeated === true ? ` ${SAME_CALL}` : '';
  const facts = {
    ...objectOf(toJson(problem)),
    ...(fine.length === 0 ? {} : { wouldBeAllowed: fine }),
    ...(answer.recorded === false ? { recorded: false } : {}),
    ...(answer.repeated === true ? { repeated: true } : {}),
  };
  return { ...said([`${problem.title}: ${problem.detail}${left}${before}`], facts), isError: true };
}

/**
 * Text for the model first, then what came from the target, apart; and all of it as structure, the words too: Claude Code
 * shows its model the structure alone, and that nothing has run must not be what it leaves out.
 */
function said(sentences: readonly (string | undefined)[], facts: JsonObject, data?: string): CallToolResult {
  const words = sentences.filter(Boolean).join(' ');
  const more = data === undefined ? [] : [{ type: 'text' as const, text: data }];
  return { content: [{ type: 'text', text: words }, ...more], structuredContent: { detail: words, ...facts } };
}

const rowsOf = ({ columns, rows }: MaskedResult): JsonValue => ({ columns: columns.map(({ name }) => name), rows });

/** A column's name is the target's too: outside the marks it stands only where it cannot be a sentence. */
const maskedIn = ({ columns }: MaskedResult) =>
  columns.flatMap(({ name, masked, class: found, rule }, at) => {
    const label = /^[\w.$-]{1,63}$/.test(name) ? name : `column ${String(at + 1)}`;
    return masked ? [{ label, column: name, class: found ?? '', rule: rule ?? '' }] : [];
  });
