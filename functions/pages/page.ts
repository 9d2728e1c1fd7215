import { readFileSync } from 'node:fs';
import type { GatewayConfig } from '../../shared/contracts/config/gateway.ts';

const read = (file: URL): string => readFileSync(file, 'utf8');
const SCRIPT = 'text/javascript; charset=utf-8';

/** The files that the page loads, read once. */
export const FILES: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['session-page.mjs', { type: SCRIPT, text: read(new URL('./session-page.mjs', import.meta.url)) }],
  ['sign-in.mjs', { type: SCRIPT, text: read(new URL('./sign-in.mjs', import.meta.url)) }],
  ['reveal.mjs', { type: SCRIPT, text: read(new URL('./reveal.mjs', import.meta.url)) }],
  ['session-page.css', { type: 'text/css; charset=utf-8', text: read(new URL('./session-page.css', import.meta.url)) }],
]);

/**
 * The page of a session: a frame without anything of it, which the script fills over the API once somebody has signed
 * in. Nothing inline, nothing from elsewhere, in nobody's frame; calls go to this gateway and to the issuers alone.
 */
export function sessionPage(config: GatewayConfig): { readonly html: string; readonly policy: string } {
  const issuers = config.issuers.flatMap((issuer) =>
    issuer.for === 'people' && issuer.signIn !== undefined
      ? [{ name: issuer.name, url: issuer.url, ...issuer.signIn }]
      : [],
  );
  const origins = [...new Set(issuers.map(({ url }) => new URL(url).origin))];
  return { html: html(JSON.stringify(issuers)), policy: policy(origins) };
}

const policy = (origins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${["'self'", ...origins].join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const html = (issuers: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Session · Countersign</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/pages/session-page.css">
<script type="module" src="/pages/session-page.mjs"></script>
</head>
<body data-issuers="${escaped(issuers)}">
<header><h1>Countersign</h1><p id="who"></p></header>
<main id="session" aria-live="polite">
<noscript><p>This page needs JavaScript to sign you in. The session can be read from a terminal, too.</p></noscript>
</main>
<section id="help" aria-label="From a terminal">
<h2>From a terminal</h2>
<p>Whoever is asked about this session, or audits, can read it whole with a token of their own:</p>
<pre>npx countersign sessions show <span class="id">SESSION</span></pre>
<p>and answer it with <code>POST /v1/sessions/<span class="id">SESSION</span>/approve</code> or <code>/deny</code>, naming its seal.</p>
</section>
</body>
</html>
`;
