import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../../shared/platform/json-value.ts';
import type { Result } from '../../../shared/platform/result.ts';
import { err, ok } from '../../../shared/platform/result.ts';
import { parseJson } from '../lambda/json.ts';
import { fault } from '../services/wire/aws-json.ts';
import type { Fault, Operation, Operations } from '../services/wire/aws-json.ts';
import type { Answer, Driver, Machine } from './driver.ts';
import type { Execution } from './execution.ts';
import type { Ledger } from './ledger.ts';
import { enter, LARGEST_PAYLOAD } from './transition.ts';

type Room = { readonly ledger: Ledger; readonly driver: Driver; readonly machines: ReadonlyMap<string, Machine> };

const text = (most: number) => z.string().max(most);
const startSchema = z.object({
  stateMachineArn: text(256),
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,80}$/, 'a name is 1 to 80 letters, digits, dots, hyphens and underscores')
    .optional(),
  input: z.string().default('{}'),
});
const arnSchema = z.object({ executionArn: text(256) });
const stopSchema = arnSchema.extend({ error: text(256).optional(), cause: text(32_768).optional() });
const listSchema = z.object({
  stateMachineArn: text(256),
  statusFilter: z.string().optional(),
  maxResults: z.number().int().min(0).max(1_000).default(100),
  nextToken: z.string().optional(),
});
const tokenSchema = z.object({ taskToken: z.string().min(1).max(2_048) });
const successSchema = tokenSchema.extend({ output: z.string() });
const failureSchema = tokenSchema.extend({ error: text(256).default(''), cause: text(32_768).default('') });

/** The operations of Step Functions that are here, with its own error names (API reference, "Actions"). */
export function workflowOperations(room: Room): Operations {
  return {
    StartExecution: with_(startSchema, (input) => start(room, input)),
    DescribeExecution: with_(arnSchema, (input) =>
      withExecution(room, input.executionArn, (found) => ok(describe(found))),
    ),
    StopExecution: with_(stopSchema, (input) =>
      withExecution(room, input.executionArn, (found) => stop(room, found, input)),
    ),
    ListExecutions: with_(listSchema, (input) => list(room, input)),
    ListStateMachines: () => ok({ stateMachines: [...room.machines.values()].map(summary) }),
    SendTaskSuccess: with_(successSchema, (input) => {
      const output = parseOutput(input.output);
      return output.ok ? answer(room, input.taskToken, { phase: 'answered', output: output.value }) : output;
    }),
    SendTaskFailure: with_(failureSchema, ({ taskToken, error, cause }) =>
      answer(room, taskToken, { phase: 'failed', error, cause }),
    ),
    SendTaskHeartbeat: with_(tokenSchema, ({ taskToken }) => heartbeat(room, taskToken)),
  };
}

function with_<T>(schema: z.ZodType<T>, operation: (input: T) => Result<JsonObject, Fault>): Operation {
  return (input) => {
    const parsed = schema.safeParse(input);
    return parsed.success ? operation(parsed.data) : fault('ValidationException', z.prettifyError(parsed.error));
  };
}

/** Idempotent by name while the execution runs with the same input; otherwise the name is taken. */
function start(room: Room, input: z.output<typeof startSchema>): Result<JsonObject, Fault> {
  const machine = room.machines.get(input.stateMachineArn);
  if (machine === undefined)
    return fault('StateMachineDoesNotExist', `State Machine Does Not Exist: '${input.stateMachineArn}'`);
  const value = parseInput(input.input);
  if (!value.ok) return value;
  const name = input.name ?? randomUUID();
  const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const before = room.ledger.get(arn);
  if (before !== undefined) {
    const same = before.status === 'RUNNING' && before.input === input.input;
    return same ? ok(started(before)) : fault('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
  const execution = room.ledger.create(fresh(machine, arn, name, input.input, value.value, room.ledger.now()));
  room.driver.drive(machine, arn);
  return ok(started(execution));
}

function fresh(machine: Machine, arn: string, name: string, input: string, value: JsonValue, now: number): Execution {
  const { StartAt, TimeoutSeconds } = machine.definition;
  const base: Execution = {
    arn,
    name,
    stateMachineArn: machine.arn,
    input,
    startedAt: now,
    ...(TimeoutSeconds === undefined ? {} : { deadline: now + TimeoutSeconds * 1000 }),
    status: 'RUNNING',
    state: { name: StartAt, input: value, enteredAt: now, retries: [], progress: { phase: 'entered' } },
    path: [],
    spentTokens: [],
  };
  return { ...base, ...enter(base, StartAt, value, now) };
}

const started = (execution: Execution): JsonObject => ({
  executionArn: execution.arn,
  startDate: execution.startedAt / 1000,
});

function parseInput(input: string): Result<JsonValue, Fault> {
  if (Buffer.byteLength(input) > LARGEST_PAYLOAD)
    return fault('InvalidExecutionInput', `input is larger than ${LARGEST_PAYLOAD} bytes`);
  return parsed(input) ?? fault('InvalidExecutionInput', "Invalid State Machine Execution Input: 'not JSON'");
}

function parseOutput(output: string): Result<JsonValue, Fault> {
  if (Buffer.byteLength(output) > LARGEST_PAYLOAD)
    return fault('InvalidOutput', `output is larger than ${LARGEST_PAYLOAD} bytes`);
  return parsed(output) ?? fault('InvalidOutput', 'Invalid Output: not JSON');
}

function parsed(json: string): Result<JsonValue, Fault> | undefined {
  try {
    return ok(parseJson(json));
  } catch {
    return undefined;
  }
}

function withExecution(
  room: Room,
  arn: string,
  use: (execution: Execution) => Result<JsonObject, Fault>,
): Result<JsonObject, Fault> {
  const execution = room.ledger.get(arn);
  return execution === undefined
    ? fault('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`)
    : use(execution);
}

function describe(execution: Execution): JsonObject {
  const { arn, stateMachineArn, name, status, startedAt, stoppedAt, input, output, error, cause } = execution;
  const optional = { output, error, cause, ...(stoppedAt === undefined ? {} : { stopDate: stoppedAt / 1000 }) };
  const present = Object.entries(optional).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  return {
    executionArn: arn,
    stateMachineArn,
    name,
    status,
    startDate: startedAt / 1000,
    input,
    redriveCount: 0,
    ...Object.fromEntries(present),
  };
}

/** Stopping what has ended already changes nothing, as on AWS. The function that is running is not stopped by it. */
function stop(room: Room, execution: Execution, why: z.output<typeof stopSchema>): Result<JsonObject, Fault> {
  if (execution.status !== 'RUNNING') return ok({ stopDate: (execution.stoppedAt ?? room.ledger.now()) / 1000 });
  const detail = {
    ...(why.error === undefined ? {} : { error: why.error }),
    ...(why.cause === undefined ? {} : { cause: why.cause }),
  };
  return ok({ stopDate: room.driver.stop(execution, detail) / 1000 });
}

function list(room: Room, input: z.output<typeof listSchema>): Result<JsonObject, Fault> {
  if (!room.machines.has(input.stateMachineArn))
    return fault('StateMachineDoesNotExist', `State Machine Does Not Exist: '${input.stateMachineArn}'`);
  const from = input.nextToken === undefined ? 0 : Number(input.nextToken);
  if (!Number.isSafeInteger(from) || from < 0) return fault('InvalidToken', 'nextToken is none of ours');
  const size = input.maxResults === 0 ? 100 : input.maxResults;
  const all = room.ledger.list().filter((one) => one.stateMachineArn === input.stateMachineArn);
  const matching = all.filter((one) => input.statusFilter === undefined || one.status === input.statusFilter);
  const page = matching.slice(from, from + size).map((one) => omitPayload(describe(one)));
  return ok({ executions: page, ...(from + size < matching.length ? { nextToken: String(from + size) } : {}) });
}

function omitPayload(execution: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(execution).filter(([name]) => !['input', 'output', 'error', 'cause'].includes(name)),
  );
}

const summary = (machine: Machine): JsonObject => ({
  stateMachineArn: machine.arn,
  name: machine.name,
  type: 'STANDARD',
  creationDate: machine.createdAt / 1000,
});

function answer(room: Room, token: string, given: Answer): Result<JsonObject, Fault> {
  return room.driver.answer(token, given) ? ok({}) : err(late(room, token));
}

function heartbeat(room: Room, token: string): Result<JsonObject, Fault> {
  return room.driver.heartbeat(token, room.machines) ? ok({}) : err(late(room, token));
}

/** A token that was ours and is closed, by an answer or by time, is TaskTimedOut; one that never was is InvalidToken. */
function late(room: Room, token: string): Fault {
  if (room.driver.knows(token))
    return { code: 'TaskTimedOut', message: "Task Timed Out: 'Provided task does not exist anymore'" };
  return { code: 'InvalidToken', message: "Invalid Token: 'Invalid token'" };
}
