/**
 * Slack's mrkdwn as HTML. Everything that is not markup of the few kinds below comes out escaped, so whatever a message
 * holds, no element or attribute of it reaches the page.
 */

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${String(char.charCodeAt(0))};`);

/** Slack decodes these three and no other, once. */
const decode = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const literal = (text: string): string => escapeHtml(decode(text));

/** In this order: what stands in a code block is nothing else, what stands in a code span no emphasis, and so on. */
const TOKEN =
  /```\n?([\s\S]*?)\n?```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])|(?<![\w~])~([^~\n]+)~(?![\w~])/g;

export function mrkdwnToHtml(text: string): string {
  let html = '';
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    html += literal(text.slice(at, match.index)) + tokenToHtml(match);
    at = match.index + match[0].length;
  }
  return html + literal(text.slice(at));
}

function tokenToHtml([whole, block, span, angle, bold, italic, strike]: readonly (string | undefined)[]): string {
  if (block !== undefined) return `<pre tabindex="0"><code>${literal(block)}</code></pre>`;
  if (span !== undefined) return `<code>${literal(span)}</code>`;
  if (angle !== undefined) return angleToHtml(angle);
  if (bold !== undefined) return `<strong>${mrkdwnToHtml(bold)}</strong>`;
  if (italic !== undefined) return `<em>${mrkdwnToHtml(italic)}</em>`;
  if (strike !== undefined) return `<s>${mrkdwnToHtml(strike)}</s>`;
  return literal(whole ?? '');
}

/** `<https://…|label>`, `<!date^…>`, `<!channel>`, `<@U…>`, `<#C…>`. */
function angleToHtml(inner: string): string {
  const [target, label] = split(inner);
  if (target.startsWith('!date^')) return dateToHtml(target, label ?? '');
  if (/^[!@#]/.test(target)) return `<span class="mention">${literal(label ?? target.replace(/^!/, '@'))}</span>`;
  const url = URL.parse(decode(target));
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return literal(label ?? target);
  return `<a href="${escapeHtml(url.href)}" target="_blank" rel="noopener noreferrer">${literal(label ?? target)}</a>`;
}

function split(inner: string): [target: string, label: string | undefined] {
  const bar = inner.indexOf('|');
  return bar === -1 ? [inner, undefined] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

const DATE: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_short_pretty: { month: 'short', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

/** In the time zone of this machine, which is the reader's. An unknown token makes the fallback, as in Slack. */
function dateToHtml(target: string, fallback: string): string {
  const [, seconds = '', format = ''] = target.split('^');
  const at = new Date(Number(seconds) * 1_000);
  const names = [...format.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  if (!/^\d{1,11}$/.test(seconds) || !names.every((name) => Object.hasOwn(DATE, name))) return literal(fallback);
  const text = format.replace(/\{(\w+)\}/g, (_, name: string) => at.toLocaleString('en-GB', DATE[name]));
  return `<time datetime="${at.toISOString()}" title="${escapeHtml(decode(fallback))}">${literal(text)}</time>`;
}
