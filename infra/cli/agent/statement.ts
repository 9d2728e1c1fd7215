import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import * as z from 'zod';
import { UsageError } from '../usage-error.ts';

export const statementOptionsSchema = z.object({
  file: z.string().optional(),
  param: z.array(z.string()).default([]),
  params: z.string().optional(),
  body: z.string().optional(),
  reason: z.string().optional(),
  ticket: z.string().optional(),
});

/** The options by which a command is given its statement. */
export const withStatement = (command: Command): Command =>
  command
    .argument('<connection>', 'e.g. orders; GET /v1/connections lists yours')
    .argument('[statement]', 'the statement; without it, or with "-", it is read from stdin')
    .option('-f, --file <file>', 'read the statement from a file')
    .option('-p, --param <name=value>', 'a value for :name, as text; once for each', collected, [])
    .option('--params <json>', 'all values: a list for $1, $2, or an object for :name')
    .option('--body <file>', 'JSON body, for targets that take one')
    .option('--reason <text>', 'why, in a sentence an approver can judge')
    .option('--ticket <id>', 'ticket that this belongs to');

/** Not a variadic option: that would take the statement behind it for one more value. */
const collected = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The body of execute and check, from options, files, stdin and what a CI job says of itself. */
export async function readCall(
  connection: string,
  given: string | undefined,
  options: z.output<typeof statementOptionsSchema>,
  environment: NodeJS.ProcessEnv,
): Promise<Record<string, unknown>> {
  const { reason, ticket, body } = options;
  const pipeline = pipelineOf(environment);
  const context = {
    ...(ticket === undefined ? {} : { ticket }),
    ...(pipeline === undefined ? {} : { pipeline }),
  };
  return {
    connection,
    statement: await statementOf(given, options.file),
    ...parametersOf(options),
    ...(body === undefined ? {} : { body: parseJson(await contentOf(body, '--body'), '--body') }),
    ...(reason === undefined ? {} : { reason }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
  };
}

async function statementOf(given: string | undefined, file: string | undefined): Promise<string> {
  if (file !== undefined && given !== undefined) throw new UsageError('Give a statement or --file, not both.');
  if (file !== undefined) return contentOf(file, '--file');
  if (given !== undefined && given !== '-') return given;
  if (process.stdin.isTTY) throw new UsageError(NO_STATEMENT);
  const read = await text(process.stdin);
  if (read.trim() === '') throw new UsageError(NO_STATEMENT);
  return read;
}

const NO_STATEMENT = 'Give a statement: as an argument, with --file, or on stdin.';

const contentOf = (path: string, option: string): Promise<string> =>
  readFile(path, 'utf8').catch(() => {
    throw new UsageError(`${option} ${path}: cannot be read.`);
  });

function parametersOf({ param, params }: z.output<typeof statementOptionsSchema>): { parameters?: unknown } {
  if (params !== undefined && param.length > 0) throw new UsageError('Give --params or --param, not both.');
  if (params !== undefined) return { parameters: parseJson(params, '--params') };
  if (param.length === 0) return {};
  const pairs = param.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--param ${pair}: write name=value.`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return { parameters: Object.fromEntries(pairs) };
}

function parseJson(json: string, option: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new UsageError(`${option}: is not JSON.`);
  }
}

/** Where a job can be looked at; claimed, so policies that need proof ask for claims of the token instead. */
function pipelineOf(environment: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  if (server !== undefined && repository !== undefined && run !== undefined)
    return `${server}/${repository}/actions/runs/${run}`;
  return environment['CI_JOB_URL'];
}
