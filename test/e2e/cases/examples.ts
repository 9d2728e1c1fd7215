import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { createSlackPerson } from '../../../infra/local/demo/slack-person.ts';
import { testPolicies } from '../../../infra/cli/policies.ts';
import type { World } from '../world.ts';

const AGENTS = join(import.meta.dirname, '..', '..', '..', 'docs', 'agents');
const CLI = join(import.meta.dirname, '..', '..', '..', 'infra', 'cli', 'main.ts');
const textOf = (path: string): string => readFileSync(join(AGENTS, path), 'utf8');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What stands under docs/agents, as somebody who pastes it would run it. */
export function exampleCases(world: () => World): void {
  const surroundings = async (): Promise<NodeJS.ProcessEnv> => ({
    ...process.env,
    COUNTERSIGN_URL: world().stack.url,
    COUNTERSIGN_TOKEN: await world().stack.tokenFor('ci-agent'),
  });
  const run = async (command: string, ...words: string[]): Promise<Ran> => runIn(await surroundings(), command, words);
  const runIn = async (env: NodeJS.ProcessEnv, command: string, words: readonly string[]): Promise<Ran> => {
    const options = { env, timeout: 60_000 };
    return promisify(execFile)(command, words, options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (error: unknown) => {
        const { code, stdout, stderr } = failureSchema.parse(error);
        return { code, out: stdout, err: stderr };
      },
    );
  };
  /** GitHub's runner, as a job sees it: it holds no token, but may ask for one of its own. */
  const asGitHub = async <T>(work: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> => {
    const token = await world().stack.tokenFor('ci-agent');
    const runner = createServer((request, response) => {
      const asked = new URL(request.url ?? '/', 'http://runner.invalid').searchParams.get('audience');
      const sound = request.headers.authorization?.toLowerCase() === 'bearer of-the-job' && asked === 'countersign';
      response.writeHead(sound ? 200 : 400).end(JSON.stringify({ value: token }));
    });
    await new Promise<void>((resolve) => runner.listen(0, '127.0.0.1', resolve));
    const address = runner.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { COUNTERSIGN_TOKEN: _, ...env } = await surroundings();
    try {
      return await work({
        ...env,
        GATEWAY: world().stack.url,
        GITHUB_RUN_ID: '77',
        GITHUB_RUN_ATTEMPT: '1',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-job',
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${String(port)}/token?api-version=2.0`,
      });
    } finally {
      runner.close();
    }
  };
  const asGitLab = async <T>(work: (env: NodeJS.ProcessEnv) => Promise<T>): Promise<T> => work(await surroundings());
  const pressOn = async (text: string): Promise<void> => {
    const authorization = `Bearer ${await world().stack.tokenFor('ci-agent')}`;
    const listSchema = z.looseObject({ sessions: z.array(z.looseObject({ session: z.string() })) });
    for (let tries = 0; tries < 200; tries += 1) {
      const path = `/v1/sessions?status=pending_approval&text=${encodeURIComponent(text)}`;
      const listed = await world().raw(path, { headers: { authorization } });
      const [found] = listSchema.parse(await listed.json()).sessions;
      if (found !== undefined) {
        await createSlackPerson(world().stack.url, 'U0DBA00001').press(found.session, 'approve');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`nothing waits with ${text}`);
  };

  it.each([
    ['python3', 'client.py', 51],
    [process.execPath, 'client.ts', 52],
  ])('runs the client of twenty lines: %s %s', async (command, file, id) => {
    const path = join(AGENTS, file);
    expect(textOf(file).trimEnd().split('\n').length).toBeLessThanOrEqual(20);
    if ((await run(command, '--version')).code !== 0) {
      console.log(`skipped: ${command} is not installed here`);
      return;
    }
    expect(await run(command, path, 'orders', 'SELECT 1 AS one')).toMatchObject({ code: 0, out: '[[1]]\n' });
    const blocked = await run(command, path, 'orders', 'DROP TABLE customers');
    expect(blocked.code).toBe(1);
    expect(blocked.out).toContain('open a migration');
    const update = `UPDATE orders SET status = 'paid' WHERE id = ${String(id)} RETURNING id`;
    const [asked] = await Promise.all([
      run(command, path, 'orders', update, 'An example'),
      pressOn(`WHERE id = ${String(id)} RETURNING`),
    ]);
    expect(asked).toMatchObject({ code: 0, out: `[[${String(id)}]]\n` });
  });

  it("connects by Claude Code's .mcp.json, and denies the ways around the gateway", async () => {
    const env = await surroundings();
    const filled = textOf('claude-code/.mcp.json').replace(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '');
    const { mcpServers } = mcpSchema.parse(JSON.parse(filled));
    const { url, headers } = mcpServers.countersign;
    const client = new Client({ name: 'claude-code', version: '2' });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
    const tools = (await client.listTools()).tools.map(({ name }) => `mcp__countersign__${name}`);
    await client.close();
    const { permissions } = settingsSchema.parse(JSON.parse(textOf('claude-code/settings.json')));
    expect(permissions.allow.toSorted()).toEqual(tools.toSorted());
    expect(permissions.deny).toEqual(expect.arrayContaining(['Bash(psql:*)', 'Read(./.env)']));
  });

  it.each([
    [
      'github-actions.yaml',
      (job: unknown) => githubSchema.parse(job).jobs.check.steps.flatMap(({ run: line }) => line ?? []),
      asGitHub,
    ],
    ['gitlab-ci.yaml', (job: unknown) => gitlabSchema.parse(job)['nightly-check'].script, asGitLab],
  ] as const)('runs what the job of %s runs, with the token that such a job has', async (file, linesOf, within) => {
    const lines = linesOf(parse(textOf(file))).filter(
      (line) => line.includes('countersign exec') || line.includes('check'),
    );
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      // The command as it is installed here, in place of the one that the job installs.
      const here = line.replaceAll('npx --prefix countersign countersign', `"${process.execPath}" "${CLI}"`);
      const asks = line.includes('--reason');
      const [ran] = await Promise.all([
        within((env) => runIn(env, 'sh', ['-c', here])),
        asks ? pressOn('WHERE id = 77') : undefined,
      ]);
      expect(ran).toMatchObject({ code: 0 });
    }
  });

  it('runs the job of docs/github-actions.yaml as it stands, through the approval', async () => {
    if ((await run('jq', '--version')).code !== 0) {
      console.log('skipped: jq is not installed here');
      return;
    }
    const whole: unknown = parse(readFileSync(join(AGENTS, '..', 'github-actions.yaml'), 'utf8'));
    const [step] = wholeSchema.parse(whole).jobs.statement.steps;
    const here = (step?.run ?? '')
      .replace('"shop"', '"orders"')
      .replace('FROM orders WHERE id = 42', 'FROM payments WHERE id = 78');
    const [ran] = await Promise.all([
      asGitHub((env) => runIn(env, 'bash', ['-e', '-o', 'pipefail', '-c', here])),
      pressOn('payments WHERE id = 78'),
    ]);
    expect(ran.out).toContain('"status": "succeeded"');
    expect(ran.code).toBe(0);
  });

  it('stores no secret in a job, and lets it ask for a token of its own', () => {
    const all = textOf('github-actions.yaml') + textOf('gitlab-ci.yaml');
    expect(all).not.toMatch(/secrets\.|password|PGPASSWORD|AWS_SECRET/i);
    expect(githubSchema.parse(parse(textOf('github-actions.yaml'))).permissions['id-token']).toBe('write');
    expect(gitlabSchema.parse(parse(textOf('gitlab-ci.yaml')))['nightly-check'].id_tokens.COUNTERSIGN_TOKEN.aud).toBe(
      'countersign',
    );
  });

  it('has policies that hold together and say what they are said to say', async () => {
    const report = await testPolicies(join(AGENTS, 'ask-for-writes'));
    expect(report.ok && report.value.cases.map(({ differences }) => differences)).toEqual([[], [], [], [], []]);
  });
}

const failureSchema = z.looseObject({
  code: z.int().catch(127),
  stdout: z.string().default(''),
  stderr: z.string().default(''),
});
const mcpSchema = z.object({
  mcpServers: z.object({ countersign: z.object({ url: z.url(), headers: z.record(z.string(), z.string()) }) }),
});
const settingsSchema = z.object({ permissions: z.object({ allow: z.array(z.string()), deny: z.array(z.string()) }) });
const githubSchema = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  jobs: z.looseObject({ check: z.looseObject({ steps: z.array(z.looseObject({ run: z.string().optional() })) }) }),
});
const wholeSchema = z.looseObject({
  jobs: z.looseObject({ statement: z.looseObject({ steps: z.array(z.looseObject({ run: z.string() })) }) }),
});
const gitlabSchema = z.looseObject({
  'nightly-check': z.looseObject({
    script: z.array(z.string()),
    id_tokens: z.looseObject({ COUNTERSIGN_TOKEN: z.looseObject({ aud: z.string() }) }),
  }),
});
