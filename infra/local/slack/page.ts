import { readFileSync } from 'node:fs';
import { escapeHtml } from './mrkdwn.ts';
import type { Passing } from './passing.ts';
import { renderMessage, renderModal } from './render.ts';
import type { SlackSettings } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Nothing from elsewhere, nothing inline, no form that leaves the page, in nobody's frame. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const asset = (name: string): string => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');

/** The two files that the page loads, read once. */
export const ASSETS: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['/slack/page.css', { type: 'text/css; charset=utf-8', text: asset('page.css') }],
  ['/slack/page.mjs', { type: 'text/javascript; charset=utf-8', text: asset('page.mjs') }],
]);

export interface Viewer {
  readonly channel: string;
  readonly user: string;
}

/** Who looks at what, falling back on the first of each for an id that does not exist. */
export function viewerOf(settings: SlackSettings, query: URLSearchParams): Viewer {
  const channel = settings.channels.find((known) => known.id === query.get('channel')) ?? settings.channels[0];
  const user = settings.users.find((known) => known.id === query.get('user')) ?? settings.users[0];
  return { channel: channel?.id ?? '', user: user?.id ?? '' };
}

/** The part that changes: what this person sees of the channel, and the form that is open for them. */
export function renderParts(
  workspace: Workspace,
  passing: Passing,
  viewer: Viewer,
): { messages: string; modal: string } {
  const visible = workspace
    .messages()
    .filter((message) => message.channel === viewer.channel && (message.onlyFor ?? viewer.user) === viewer.user);
  const open = passing.modalFor(viewer.user);
  return {
    messages: visible.map(renderMessage).join('\n') || EMPTY,
    modal: open === undefined ? '' : renderModal(open),
  };
}

const EMPTY =
  '<p class="empty">Nothing is waiting. When an agent asks for something that needs a person, the question appears here by itself.</p>';

/** The whole page; complete without its script, which adds the buttons and keeps it up to date. */
export function renderPage(settings: SlackSettings, viewer: Viewer, messages: string): string {
  const channel = settings.channels.find((known) => known.id === viewer.channel);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>#${escapeHtml(channel?.name ?? '')} · local Slack</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/slack/page.css">
<script type="module" src="/slack/page.mjs"></script>
</head>
<body data-channel="${escapeHtml(viewer.channel)}" data-user="${escapeHtml(viewer.user)}">
<nav aria-label="Workspace">
<h1>${escapeHtml(settings.workspace.name)}</h1>
<p>A stand-in for Slack on this machine. It shows what Slack would show and sends what Slack would send.</p>
<h2 id="channels">Channels</h2>
<ul aria-labelledby="channels">${channelLinks(settings, viewer)}</ul>
<h2 id="people">You are</h2>
<ul aria-labelledby="people">${userLinks(settings, viewer)}</ul>
</nav>
<main>
<header><h2># ${escapeHtml(channel?.name ?? '')}</h2><p>${escapeHtml(channel?.topic ?? '')}</p></header>
<div id="messages" role="log" aria-label="Messages" tabindex="0">${messages}</div>
</main>
<dialog id="modal"></dialog>
<div id="notice" role="status"></div>
</body>
</html>`;
}

const address = (viewer: Viewer): string => escapeHtml(`/slack?${new URLSearchParams({ ...viewer }).toString()}`);
const current = (on: boolean, kind: string): string => (on ? ` aria-current="${kind}"` : '');

function channelLinks(settings: SlackSettings, viewer: Viewer): string {
  const link = ({ id, name }: SlackSettings['channels'][number]) =>
    `<li><a href="${address({ ...viewer, channel: id })}"${current(id === viewer.channel, 'page')}># ${escapeHtml(name)}</a></li>`;
  return settings.channels.map(link).join('');
}

function userLinks(settings: SlackSettings, viewer: Viewer): string {
  const link = ({ id, realName, name, title }: SlackSettings['users'][number]) =>
    `<li><a href="${address({ ...viewer, user: id })}"${current(id === viewer.user, 'true')}>${escapeHtml(realName)} (${escapeHtml(name)})<small>${escapeHtml(title)}</small></a></li>`;
  return settings.users.map(link).join('');
}
