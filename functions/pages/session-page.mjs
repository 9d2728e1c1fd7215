/* global document, location */
import { reveal } from './reveal.mjs';
import { comeBack, leaveToSignIn } from './sign-in.mjs';

/** Everything of a session is put into the page as text, never as markup: an agent wrote most of it. */

/** @type {import('./sign-in.mjs').Issuer[]} */
const issuers = JSON.parse(document.body.dataset.issuers ?? '[]');
const main = document.getElementById('session');
let token = '';

const idOf = (path) => /^\/sessions\/([\w-]{1,100})$/.exec(path)?.[1];

/** @param {string} name @param {Record<string, string>} attributes @param {(Node | string)[]} children */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const say = (text, kind = 'note') => element('p', { class: kind, role: 'status' }, text);
const block = (text) => element('pre', {}, reveal(text));
const part = (title, ...children) => element('section', {}, element('h2', {}, title), ...children);

function facts(pairs) {
  const list = element('dl', {});
  for (const [name, value] of pairs)
    if (value !== undefined && value !== '')
      list.append(element('dt', {}, name), element('dd', {}, reveal(String(value))));
  return list;
}

async function call(path, body) {
  const response = await fetch(path, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    credentials: 'omit',
    cache: 'no-store',
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { ok: response.ok, body: await response.json() };
}

async function vote(story, verdict, more) {
  const { ok, body } = await call(`/v1/sessions/${story.session}/${verdict}`, { seal: story.seal, ...more });
  await load(story.session, ok ? say('Your answer is on the record.') : say(body.detail ?? body.title, 'fault'));
  // What it set going ends within the time of a statement; the gateway holds the line until then.
  if (ok && body.state !== 'open') await load(`${story.session}?wait=20`, say('Your answer is on the record.'));
}

/** The same rules as under a message: a yes is confirmed, a no has a reason, and both name the seal that is shown. */
function answers(story) {
  if (story.status !== 'pending_approval' || story.ended !== undefined || story.statement === undefined) return [];
  const reason = element('textarea', { id: 'reason', rows: '3', maxlength: '1000' });
  const sure = element('input', { id: 'sure', type: 'checkbox' });
  const approve = element('button', { class: 'approve', disabled: '' }, 'Approve');
  const deny = element('button', { class: 'deny', disabled: '' }, 'Deny');
  sure.addEventListener('change', () => (approve.disabled = !sure.checked));
  reason.addEventListener('input', () => (deny.disabled = reason.value.trim() === ''));
  approve.addEventListener('click', () => vote(story, 'approve', {}));
  deny.addEventListener('click', () => vote(story, 'deny', { comment: reason.value }));
  return [
    part(
      'Your answer',
      element('p', {}, `Binds the seal ${story.seal}. Open until ${story.approval.expiresAt}.`),
      element('p', {}, sure, element('label', { for: 'sure' }, ' I have read it. It runs once, exactly as shown.')),
      element('p', {}, approve),
      element('p', {}, element('label', { for: 'reason' }, 'Why not'), reason),
      element('p', {}, deny),
    ),
  ];
}

function rows(result) {
  const line = (cells, name) => element('tr', {}, ...cells.map((cell) => element(name, {}, reveal(cell))));
  const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  return element(
    'table',
    {},
    line(
      result.columns.map(({ name }) => name),
      'th',
    ),
    ...result.rows.slice(0, 100).map((row) => line(row.map(text), 'td')),
  );
}

const effect = ({ action, resource, attributes }) => {
  const set = Object.entries(attributes).filter(([, value]) => value !== false && value !== '');
  return [`${action} on ${resource.kind} ${resource.name}`, ...set.map(([name, value]) => `${name}: ${value}`)].join(
    ' · ',
  );
};
const list = (lines) => element('ul', {}, ...lines.map((line) => element('li', {}, reveal(line))));

/** A part only where there is something to show in it. */
const given = (value, title, make) => (value === undefined ? [] : [part(title, ...make(value))]);

function summary(story) {
  const { submitted, approval, agent } = story;
  const { pipeline, ticket } = submitted.claimed ?? {};
  return facts([
    ['Session', story.session],
    ['Status', story.status],
    ['Ended', story.ended?.why],
    ['Target', `${story.connection} (${submitted.environment ?? ''})`],
    ['Agent', `${agent.name}: ${agent.subject} of ${agent.issuer}`],
    ['On behalf of', submitted.agent.act?.map(({ subject, issuer }) => `${subject} of ${issuer}`).join(', ')],
    ['Owner', submitted.agent.owner],
    ['Pipeline', pipeline],
    ['Ticket', ticket],
    ['Seal', story.seal],
    ['Open until', approval?.expiresAt],
    ['Needed', approval?.needed.map(need).join(', and ')],
  ]);
}

/** What would run, each part of it whole. */
function matter({ submitted, statement }) {
  const cannot = say('It cannot be read back now; try again.', 'fault');
  const json = (value) => [block(JSON.stringify(value, null, 1))];
  return [
    part(
      statement === undefined ? 'Statement' : `Statement, ${Array.from(statement).length} characters`,
      statement === undefined ? cannot : block(statement),
    ),
    ...given(submitted.parameters, 'Parameters', json),
    ...given(submitted.body, 'Body', json),
  ];
}

function show(story, ...before) {
  const { submitted, approval } = story;
  main.replaceChildren(
    ...before,
    summary(story),
    ...given(submitted.reason, 'Reason, the agent’s own words', (reason) => [block(reason)]),
    ...given(submitted.claimed?.prompt, 'Prompt, the agent’s own words', (prompt) => [block(String(prompt))]),
    ...matter(story),
    ...given(story.effects, 'Effects', (effects) => [list(effects.map(effect))]),
    ...given(approval?.impact, 'Impact', (impact) => [block(impactText(impact)), ...sample(impact)]),
    ...given(story.decision, 'Policy', ({ policies }) => [
      list(policies.map(({ id, message }) => `${id}: ${message}`)),
    ]),
    ...given(approval, 'Answers so far', ({ votes }) => [list(votes.map(voteText))]),
    ...given(story.result, 'What it answered, masked', (result) => [rows(result)]),
    ...answers(story),
    element('details', {}, element('summary', {}, 'The whole record'), block(JSON.stringify(story, null, 1))),
  );
}

const need = ({ group, more, or }) => `${more} more of ${group}${or === undefined ? '' : ` or ${need(or)}`}`;
const voteText = ({ person, verdict, at, comment }) => `${person}: ${verdict}, ${at}${comment ? `: ${comment}` : ''}`;
const impactText = ({ rows: counted, uncounted }) =>
  [
    `${counted.rows ?? 'unknown'} rows, ${counted.basis}${counted.why ? ` (${counted.why})` : ''}`,
    ...uncounted.map((one) => `not in this number: ${one}`),
  ].join('\n');
const sample = ({ sample: shown }) => (shown === undefined ? [] : [rows(shown)]);

async function load(id, ...before) {
  const { ok, body } = await call(`/v1/sessions/${id}`);
  if (ok) show(body, ...before);
  else main.replaceChildren(...before, say(body.detail ?? body.title ?? 'It cannot be read.', 'fault'), ...signIns());
}

function signIns() {
  if (issuers.length === 0)
    return [say('This gateway’s configuration names no sign-in for this page (signIn of an issuer for people).')];
  return issuers.map((issuer) => {
    const button = element('button', { class: 'sign-in' }, `Sign in with ${issuer.name}`);
    button.addEventListener('click', () => leaveToSignIn(issuer).catch(failed));
    return button;
  });
}

const failed = (error) =>
  main.replaceChildren(say(`Signing in failed: ${reveal(String(error.message))}`, 'fault'), ...signIns());

async function start() {
  if (location.pathname === '/signed-in') token = (await comeBack(issuers)).token;
  const id = idOf(location.pathname);
  for (const place of document.querySelectorAll('.id')) place.textContent = id ?? 'SESSION';
  if (token !== '' && id !== undefined) await load(id);
  else
    main.replaceChildren(
      say('Sign in to read this session. Only who is asked about it, or audits, can.'),
      ...signIns(),
    );
}

start().catch(failed);
