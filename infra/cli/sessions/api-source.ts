import * as z from 'zod';
import { eventSchema } from '../../../shared/contracts/record/event.ts';
import { maskedResultSchema } from '../../../shared/contracts/record/result.ts';
import { findChainFault } from '../../../shared/domain/chain.ts';
import { sessionOf } from '../../../shared/domain/session.ts';
import type { Filter, Row, SessionSource, Story } from './source.ts';

/** As much of an answer as is shown; a gateway that is newer may say more. */
const effectSchema = z.looseObject({ action: z.string(), resource: z.looseObject({ name: z.string() }) });
const viewSchema = z.looseObject({
  session: z.string(),
  status: z.string(),
  connection: z.string(),
  startedAt: z.string(),
  agent: z.looseObject({ name: z.string() }),
  effects: z.array(effectSchema).default([]),
});
const pageSchema = z.looseObject({ sessions: z.array(viewSchema), next: z.string().optional() });
const storySchema = z.looseObject({ events: z.array(eventSchema), result: maskedResultSchema.optional() });
const problemSchema = z.looseObject({ title: z.string(), detail: z.string().optional() });

/** Sessions a page; the API gives at most a hundred. */
const PAGE = 100;

/** The gateway over HTTP, with the token of whoever asks: what it may see is what is shown. */
export function createApiSource(url: string, token: string): SessionSource {
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(new URL(path, url), {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(30_000),
    });
    const body: unknown = await response.json();
    if (response.ok) return body;
    const problem = problemSchema.safeParse(body);
    const { title, detail } = problem.success ? problem.data : { title: 'not an answer of the gateway', detail: '' };
    throw new Error(`${String(response.status)} ${title}${detail ? `: ${detail}` : ''}`);
  };
  return {
    list: (filter, limit) => listPages(get, filter, limit),
    story: async (id) => storyOf(storySchema.parse(await get(`/v1/sessions/${encodeURIComponent(id)}`))),
  };
}

async function* listPages(get: (path: string) => Promise<unknown>, filter: Filter, limit: number): AsyncGenerator<Row> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const given = Object.entries({ ...filter, limit: String(Math.min(left, PAGE)), cursor });
    const query = new URLSearchParams(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
    const page = pageSchema.parse(await get(`/v1/sessions?${query.toString()}`));
    for (const { session, status, connection, startedAt, agent, effects } of page.sessions.slice(0, left)) {
      const shown = effects.map(({ action, resource }) => `${action} ${resource.name}`);
      yield { session, status, connection, startedAt, agent: agent.name, effects: shown };
    }
    left -= page.sessions.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
}

function storyOf({ events, result }: z.output<typeof storySchema>): Story {
  const session = sessionOf(events);
  const fault = findChainFault(events);
  // Not taken on trust from the gateway: the chain is computed again here.
  if (session === undefined || fault !== undefined)
    throw new Error(`its chain does not hold: event ${String(fault?.seq ?? 0)} is ${fault?.fault ?? 'out of order'}`);
  return { session, ...(result === undefined ? {} : { result }) };
}
