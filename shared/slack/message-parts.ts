import type { ApprovalView } from '../domain/approval-view.ts';
import { approversOf, groupsOf, type Vote } from '../domain/approval.ts';
import type { Ask } from '../domain/decision.ts';
import type { AttributeValue, Effect } from '../domain/effect.ts';
import type { Parameters, ParameterValue } from '../domain/statement.ts';
import type { JsonValue } from '../platform/json-value.ts';
import type { Block } from './blocks.ts';
import { context, mrkdwn, section } from './blocks.ts';
import { code, codeBlock, link, moment, prose, upTo } from './text.ts';

/** Room for each of the agent's own texts. Nobody approves these; more than a screen of them buries the statement. */
const WORDS = 700;
/** Of a statement that does not fit, enough to recognise it by. Such a message has no Approve button. */
const BEGINNING = 500;

/** Who asks, for whom, and where it would run. */
export function who(view: ApprovalView): Block {
  const fields = [
    ['Target', `${code(view.connection)} in ${code(view.environment)}`],
    ['Agent', code(view.agent.name)],
    ['Identity', `${code(view.agent.subject)}\nof ${code(view.agent.issuer)}`],
    ...(view.act.length === 0 ? [] : [['On behalf of', view.act.map((actor) => code(actor.subject)).join('\n')]]),
    ...(view.owner === undefined ? [] : [['Owner', code(view.owner)]]),
    ...(view.pipeline === undefined ? [] : [['Pipeline', code(view.pipeline)]]),
    ...(view.ticket === undefined ? [] : [['Ticket', code(view.ticket)]]),
  ];
  return { type: 'section', fields: fields.map(([name = '', value = '']) => mrkdwn(`*${name}*\n${value}`)) };
}

/** The agent's reason and prompt, marked as its own words: the gateway has verified neither. */
export function why(view: ApprovalView): Block[] {
  const words = [
    ['Reason', view.reason],
    ['Prompt', view.prompt],
  ] as const;
  return words.flatMap(([name, text]) => {
    if (text === undefined) return [];
    const block = upTo(WORDS, text, codeBlock);
    return [section(`*${name}* · the agent’s own words, unverified${block.cut ? ', cut here' : ''}\n${block.text}`)];
  });
}

/** What would run: the statement, its parameters, its body, each whole. */
export function matter(view: ApprovalView): Block[] {
  return [
    section(`*Statement* · ${size(view.statement)}\n${codeBlock(view.statement)}`),
    ...(view.parameters === undefined ? [] : [section(`*Parameters*\n${codeBlock(parameterLines(view.parameters))}`)]),
    ...(view.body === undefined ? [] : [section(`*Body*\n${codeBlock(json(view.body))}`)]),
  ];
}

/** In place of `matter` where it does not fit. */
export function beginning(view: ApprovalView, open: boolean): Block[] {
  const whole = `here: ${link(view.link, 'the whole session')}.`;
  return [
    section(
      `*Statement* · ${size(view.statement)} · *only its beginning fits here*\n${upTo(BEGINNING, view.statement, codeBlock).text}`,
    ),
    section(
      open
        ? `*⚠ Too long to be shown whole, so it cannot be approved from Slack.* Read and answer it ${whole}`
        : `Too long to be shown whole. Read it ${whole}`,
    ),
  ];
}

/** Characters are code points; others than ASCII are counted, since look-alike letters cannot be told by eye. */
function size(text: string): string {
  const points = Array.from(text);
  const foreign = points.filter((point) => (point.codePointAt(0) ?? 0) > 0x7f).length;
  return `${points.length} characters${foreign === 0 ? '' : `, ${foreign} of them not ASCII`}`;
}

const json = (value: JsonValue): string => JSON.stringify(value, null, 1);

/** `$1 = 4711` or `:id = "x"`, one a line; values and unusual names as JSON, which has no line break of its own. */
function parameterLines(parameters: Parameters): string {
  if (isList(parameters))
    return parameters.map((value, index) => `$${index + 1} = ${JSON.stringify(value)}`).join('\n');
  const name = (key: string) => (/^\w+$/.test(key) ? key : JSON.stringify(key));
  return Object.entries(parameters)
    .map(([key, value]) => `:${name(key)} = ${JSON.stringify(value)}`)
    .join('\n');
}

/** `Array.isArray` does not narrow a readonly list. */
const isList = (parameters: Parameters): parameters is readonly ParameterValue[] => Array.isArray(parameters);

export function effects(view: ApprovalView): Block {
  const lines = view.effects.map(effectLine);
  return section(`*Effects*\n${lines.length === 0 ? '• none were found' : lines.join('\n')}`);
}

function effectLine(effect: Effect): string {
  const { kind, name, columns } = effect.resource;
  const of = columns === undefined || columns.length === 0 ? '' : ` (${columns.map(code).join(', ')})`;
  // A dozen attributes that are not so would hide the one that is.
  const attributes = Object.entries(effect.attributes)
    .filter(([, value]) => value !== false && value !== '')
    .map(([key, value]) => `${prose(key)}: ${code(attribute(value))}`);
  return [`• ${code(effect.action)} on ${prose(kind)} ${code(name)}${of}`, ...attributes].join(' · ');
}

const attribute = (value: AttributeValue): string => (typeof value === 'object' ? value.join(', ') : String(value));

export function policies(view: ApprovalView): Block[] {
  const lines = view.policies.map((policy) => `• ${code(policy.id)} ${prose(policy.message)}`);
  return lines.length === 0 ? [] : [section(`*Policy*\n${lines.join('\n')}`)];
}

/** Who is asked, and who has answered so far. Only votes for this seal count. */
export function votes(view: ApprovalView): Block {
  const asked = view.asks.map(
    (ask) =>
      `• ${groupsOf(ask, view.escalated ?? [])
        .map(count(view, ask))
        .join(', or ')}`,
  );
  const given = view.votes.filter((vote) => vote.seal === view.seal).map(voteLine);
  return section([`*Approvals*`, ...asked, ...given].join('\n'));
}

const count =
  (view: ApprovalView, ask: Ask) =>
  (group: string): string => {
    const own = view.votes.filter((vote) => vote.seal === view.seal);
    return `${code(group)}: ${approversOf(own, group)} of ${ask.quorum}`;
  };

function voteLine(vote: Vote): string {
  const said = vote.verdict === 'approve' ? 'approved' : 'denied';
  const comment = vote.comment === undefined ? '' : `\n${upTo(WORDS, vote.comment, codeBlock).text}`;
  return `${code(vote.person)} ${said} over ${vote.via === 'slack' ? 'Slack' : 'the API'}, ${moment(vote.at)}${comment}`;
}

/** The small print: what the answer binds, and until when. */
export function seal(view: ApprovalView, open: boolean): Block {
  const time = open ? `Answer until ${moment(view.expiresAt)}` : `Was open until ${moment(view.expiresAt)}`;
  return context(
    `Seal ${code(view.seal)}`,
    `Session ${code(view.session)} · ${link(view.link, 'whole session')}`,
    time,
  );
}
