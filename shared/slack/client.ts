import type { Logger, webApi } from '@slack/bolt';

/** The client's own type of `fetch`, read off its options. */
type Fetch = NonNullable<webApi.WebClientOptions['fetch']>;

/** Time for one call to Slack. An interaction has 3 s in all, and the vote is written before we spend any of it here. */
export const CALL_TIMEOUT_MS = 1_500;

/**
 * How every call to Slack is made: one attempt, in bounded time, without following redirects, to Slack alone. Trying
 * again is the business of whoever knows what is at stake: the workflow, or the person at the button.
 */
export function clientOptions(apiUrl: string, timeoutMs: number): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    // A method name is never an address: the bot token goes to apiUrl and nowhere else.
    allowAbsoluteUrls: false,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    logger: silent,
    fetch: fetchOnlySlack(apiUrl, timeoutMs),
  };
}

/**
 * A `response_url` comes in a signed payload, and still it is an address from outside: it is called only where Slack
 * puts them, on the host of its API or on `hooks.` of it, over the same protocol.
 */
export function isSlackAddress(address: string, apiUrl: string): boolean {
  const url = URL.parse(address);
  const api = new URL(apiUrl);
  if (url?.protocol !== api.protocol || url.username !== '' || url.password !== '') return false;
  return url.host === api.host || url.host === `hooks.${api.host}`;
}

function fetchOnlySlack(apiUrl: string, timeoutMs: number): Fetch {
  return async (address, init) => {
    if (!isSlackAddress(String(address), apiUrl)) throw new Error('refused to call an address that is not Slack');
    const signal = init?.signal ?? AbortSignal.timeout(timeoutMs);
    return fetch(address, { ...init, redirect: 'error', signal });
  };
}

/** The library's log quotes requests. What is worth knowing is reported by our own code, in our own words. */
export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  setName: () => undefined,
  getLevel: () => quietest,
};

/** The enum of the library cannot be imported without the library, which is loaded late (145 ms). */
const quietest = readLevel('error');
function readLevel(level: string): ReturnType<Logger['getLevel']>;
function readLevel(level: string): string {
  return level;
}
