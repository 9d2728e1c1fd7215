import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import { cli } from '../../support/run-cli.ts';
import type { World } from '../world.ts';

const PROJECT = join(import.meta.dirname, '..', '..', '..');

interface Step {
  readonly typed: string;
  readonly shown: string;
}

/** Steps of the console blocks under a heading: a line behind the prompt, and what stands below it. */
function stepsOf(file: string, heading: string, prompt: '> ' | '$ '): readonly Step[] {
  const [, section = ''] = readFileSync(join(PROJECT, file), 'utf8').split(`\n${heading}\n`);
  const here = section.split(/\n#{1,2} /)[0] ?? '';
  return [...here.matchAll(/```console\n(.*?)```/gs)].flatMap(([, block = '']) => {
    const steps: { typed: string; shown: string[] }[] = [];
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith(prompt)) steps.push({ typed: line.slice(prompt.length), shown: [] });
      else steps.at(-1)?.shown.push(line);
    }
    return steps.map(({ typed, shown }) => ({ typed, shown: shown.join('\n') }));
  });
}

/** What a document shows, with `…` for what is left out of it. */
const asShown = (shown: string): RegExp => new RegExp(`^${shown.split('…').map(literally).join('[^]*?')}$`);
const literally = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');

const toldSchema = z.looseObject({
  content: z.array(z.looseObject({ text: z.string() })),
  structuredContent: z.looseObject({ session: z.string().optional() }).optional(),
});

/** The transcripts of the documents, typed again, answer as they say. */
export function transcriptCases(world: () => World): void {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ['README.md', '## Agents over MCP', 2],
    ['docs/agents/README.md', '## A loop', 4],
  ])('over MCP: %s, %s', async (file, heading, count) => {
    const steps = stepsOf(file, heading, '> ');
    expect(steps).toHaveLength(count);
    const client = new Client({ name: 'transcript', version: '1' });
    const headers = { authorization: `Bearer ${await world().stack.tokenFor('ci-agent')}` };
    const at = new URL('/mcp', world().stack.url);
    await client.connect(new StreamableHTTPClientTransport(at, { requestInit: { headers } }));
    let session = '';
    for (const { typed, shown } of steps) {
      const name = typed.split(' ')[0] ?? '';
      const given = z
        .record(z.string(), z.unknown())
        .parse(JSON.parse(typed.slice(name.length).replace('ses_…', session)));
      // The person of the story, who is not in the transcript.
      if (name === 'get_session') await createSlackPerson(world().stack.url, 'U0DBA00001').press(session, 'approve');
      const told = toldSchema.parse(await client.callTool({ name, arguments: given }));
      session = told.structuredContent?.session ?? session;
      expect(told.content.map(({ text }) => text).join('\n')).toMatch(asShown(shown));
    }
    await client.close();
  });

  it('on the command line: README.md', async () => {
    vi.stubEnv('COUNTERSIGN_URL', world().stack.url);
    vi.stubEnv('COUNTERSIGN_TOKEN', await world().stack.tokenFor('ci-agent'));
    let code = 0;
    const steps = stepsOf('README.md', '## Agents and jobs on the command line', '$ ');
    expect(steps.length).toBeGreaterThan(4);
    for (const { typed, shown } of steps) {
      if (typed === 'echo $?') {
        expect(String(code)).toBe(shown);
        continue;
      }
      // A stack of one's own is told the identity; here the token says it.
      const [, ...words] = (typed.replace(/^npx /, '').replace(' --as ci-agent', '').match(WORDS) ?? []).map(unquoted);
      const ran = await cli(...words);
      code = ran.code;
      expect(`${ran.out}${ran.err}`.trimEnd()).toMatch(asShown(shown));
    }
  });
}

/** Words of a shell, as far as the documents use one: bare, or in either kind of quotes. */
const WORDS = /'[^']*'|"[^"]*"|\S+/g;
const unquoted = (word: string): string => word.replace(/^(['"])(.*)\1$/s, '$2');
