import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { ExitWith } from '../exit-with.ts';
import { plain } from '../table.ts';
import { conclude, tell, unheard } from './conclude.ts';
import { EXIT_CODES, EXIT_HELP, exitOfCode, exitOfVerdict } from './exit-codes.ts';
import { follow } from './follow.ts';
import { openGateway, whereSchema, withToken } from './gateway.ts';
import { interruptible } from './interruption.ts';
import type { Heard } from './reply.ts';
import { readCall, statementOptionsSchema, withStatement } from './statement.ts';

/** A check leaves nothing behind that would have to be told of. */
const NEVER = new AbortController().signal;

/** As long as an approval may wait by default, and then some. */
const DEFAULT_WAIT_SECONDS = 3_600;

const waitSchema = z.object({ wait: z.union([z.int(), z.boolean()]).default(true), json: z.boolean().default(false) });
const execSchema = z.object({
  ...whereSchema.shape,
  ...statementOptionsSchema.shape,
  ...waitSchema.shape,
  key: z.string().optional(),
});
const checkSchema = z.object({
  ...whereSchema.shape,
  ...statementOptionsSchema.shape,
  json: z.boolean().default(false),
});
const waitingSchema = z.object({ ...whereSchema.shape, ...waitSchema.shape });

const withWait = (command: Command): Command =>
  command
    .option('--wait <seconds>', 'how long to wait for people (default: an hour)', toSeconds)
    .option('--no-wait', 'do not wait: end with 6 when people are asked')
    .option('--json', 'print the answer of the gateway as one line of JSON')
    .addHelpText('after', EXIT_HELP);

/** `countersign exec`: runs a statement as an agent or a job, and waits for people where policy asks them. */
export function execCommand(): Command {
  const command = new Command('exec')
    .description('run a statement through the gateway, and wait where people are asked')
    .option('--key <key>', 'Idempotency-Key: the same key and statement are the same session (default: a new one)');
  return withWait(withToken(withStatement(command))).action(
    async (connection: string, statement: string | undefined, given: unknown) => {
      const options = execSchema.parse(given);
      const call = await readCall(connection, statement, options, process.env);
      const key = options.key ?? randomUUID();
      await interruptible(async (stop) => {
        const gateway = openGateway(options, process.env, stop);
        const reply = await gateway.post('/v1/execute', call, { 'idempotency-key': key });
        if (reply.kind === 'silence') unheard(reply, key);
        else await follow(gateway, reply, { json: options.json, waitSeconds: secondsOf(options.wait) });
      });
    },
  );
}

/** `countersign check`: says what would happen, and runs nothing. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('say what would happen to a statement, and run nothing')
    .option('--json', 'print the answer of the gateway as one line of JSON')
    .addHelpText('after', EXIT_HELP);
  return withToken(withStatement(command)).action(
    async (connection: string, statement: string | undefined, given: unknown) => {
      const options = checkSchema.parse(given);
      const call = await readCall(connection, statement, options, process.env);
      const heard = await openGateway(options, process.env, NEVER).post('/v1/check', call);
      if (heard.kind === 'silence') unheard(heard);
      if (options.json) process.stdout.write(`${JSON.stringify(heard.body)}\n`);
      else printCheck(heard);
      const { decision, code = '' } = heard.body;
      const exit = decision === undefined ? exitOfCode(code) : exitOfVerdict(decision.verdict);
      if (exit !== EXIT_CODES.done) throw new ExitWith(exit);
    },
  );
}

/** `countersign wait`: goes on waiting for a session. */
export function waitCommand(): Command {
  const command = new Command('wait').description('wait for a session to end').argument('<session>');
  return withWait(withToken(command)).action(async (id: string, given: unknown) => {
    const options = waitingSchema.parse(given);
    await interruptible(async (stop) => {
      const gateway = openGateway(options, process.env, stop);
      const reply = await gateway.get(`/v1/sessions/${encodeURIComponent(id)}`);
      if (reply.kind === 'silence') unheard(reply);
      else if (reply.http >= 400) conclude(reply, options.json);
      else await follow(gateway, reply, { json: options.json, waitSeconds: secondsOf(options.wait) });
    });
  });
}

function printCheck({ http, body }: Heard): void {
  const { decision } = body;
  if (decision === undefined) {
    tell(body.title ?? `HTTP ${String(http)}`, body.detail ?? body.message ?? '');
    return;
  }
  const because = decision.policies.map(({ id, message }) => `  ${id}: ${message}`);
  const why = decision.why === undefined ? [] : [`  ${decision.why}`];
  process.stdout.write(`${[decision.verdict, ...because, ...why].map(plain).join('\n')}\n`);
}

const secondsOf = (wait: number | boolean): number =>
  typeof wait === 'number' ? wait : wait ? DEFAULT_WAIT_SECONDS : 0;

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isSafeInteger(seconds) && seconds >= 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('Give whole seconds from 0 to 86400.');
}
