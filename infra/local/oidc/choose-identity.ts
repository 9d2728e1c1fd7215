import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { escapeHtml } from '../slack/mrkdwn.ts';
import type { Identity } from './identities.ts';

/** Nothing from elsewhere, no script; the form goes back to where it came from, and from there to the page. */
const POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Above what one field can hold. */
const MAX_BODY = 1_000;

/**
 * The one step of a sign-in at a development issuer: whoever sits at this machine says who they are. Like the local
 * Slack it believes everybody; the cookie of the sign-in, which no other site can send along, says which one it is.
 */
export async function chooseIdentity(
  provider: Provider,
  identities: readonly Identity[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') {
    await provider.interactionDetails(request, response);
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
    });
    response.end(page(identities));
    return;
  }
  const chosen = await chosenOf(request, identities);
  const result =
    chosen === undefined
      ? { error: 'access_denied', error_description: 'nobody was chosen' }
      : { login: { accountId: chosen.name } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function chosenOf(request: IncomingMessage, identities: readonly Identity[]): Promise<Identity | undefined> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_BODY) return undefined;
  }
  const name = new URLSearchParams(body).get('name');
  return identities.find((identity) => identity.name === name);
}

const page = (identities: readonly Identity[]): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Sign in · development issuer</title></head>
<body>
<h1>Who are you?</h1>
<p>A development issuer on this machine. It believes what you say.</p>
<form method="post">
${identities.map(({ name }) => `<p><button name="name" value="${escapeHtml(name)}">${escapeHtml(name)}</button></p>`).join('\n')}
</form>
</body>
</html>
`;
