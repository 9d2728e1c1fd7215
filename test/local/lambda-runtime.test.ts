import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { LambdaRuntime } from '../../infra/local/lambda/runtime.ts';
import type { JsonValue } from '../../shared/platform/json-value.ts';

const spec = (file: string, timeoutSeconds = 20) => ({
  name: file,
  arn: `arn:aws:lambda:us-east-1:000000000000:function:${file}`,
  entry: join(import.meta.dirname, 'functions', `${file}.ts`),
  timeoutSeconds,
  memoryMegabytes: 256,
  environment: { COLOUR: 'blue' },
});

let folder: string;
let runtime: LambdaRuntime;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-lambda-'));
  runtime = new LambdaRuntime([spec('sample', 1), spec('callback'), spec('broken')], folder);
});
afterEach(async () => {
  await runtime.close();
  rmSync(folder, { recursive: true });
});

const invoke = (event: JsonValue, name = 'sample') => runtime.invoke(name, event);

describe('the embedded Lambda', () => {
  test('answers what the handler returns, as JSON would carry it', async () => {
    const value = { text: 'é\u0000', list: [1, null, true] };
    expect(await invoke({ do: 'echo', value })).toEqual({ ok: true, value });
    expect(await invoke({ do: 'nothing' })).toEqual({ ok: true, value: null });
  });

  test('keeps the environment warm: module state lives from one invocation to the next', async () => {
    expect(await invoke({ do: 'count' })).toEqual({ ok: true, value: 1 });
    expect(await invoke({ do: 'count' })).toEqual({ ok: true, value: 2 });
  });

  test('gives the function its own environment and nothing of ours', async () => {
    expect(await invoke({ do: 'environment' })).toEqual({ ok: true, value: { COLOUR: 'blue' } });
  });

  test('tells the function the time it has left', async () => {
    const outcome = await invoke({ do: 'context' });
    const told = z
      .object({ ok: z.literal(true), value: z.object({ id: z.uuid(), remaining: z.number() }) })
      .parse(outcome);
    const { remaining } = told.value;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(1_000);
  });

  test('reports an exception by its name and message', async () => {
    expect(await invoke({ do: 'throw' })).toMatchObject({
      ok: false,
      error: { cause: 'handler', errorType: 'RangeError', errorMessage: 'as asked' },
    });
  });

  test.each(['hang', 'spin'])('ends an invocation at its timeout (%s) and starts afresh afterwards', async (kind) => {
    expect(await invoke({ do: kind })).toMatchObject({
      ok: false,
      error: { cause: 'timeout', errorType: 'Sandbox.Timedout' },
    });
    expect(await invoke({ do: 'count' })).toEqual({ ok: true, value: 1 });
  });

  test('lets the others in an environment finish when one of them times out', async () => {
    const slow = invoke({ do: 'hang' });
    expect(await invoke({ do: 'echo', value: 'quick' })).toEqual({ ok: true, value: 'quick' });
    expect(await slow).toMatchObject({ ok: false, error: { cause: 'timeout' } });
  });

  test('fails what was running when an environment dies, and the next invocation has a new one', async () => {
    const beside = invoke({ do: 'hang' });
    expect(await invoke({ do: 'exit' })).toMatchObject({
      ok: false,
      error: { cause: 'crash', errorType: 'Runtime.ExitError' },
    });
    expect(await beside).toMatchObject({ ok: false, error: { cause: 'crash' } });
    expect(await invoke({ do: 'count' })).toEqual({ ok: true, value: 1 });
  });

  test('refuses a callback handler, and says why a module does not load, at every invocation', async () => {
    const callback = {
      ok: false,
      error: { errorType: 'TypeError', errorMessage: expect.stringContaining('callback') as string },
    };
    expect(await invoke({}, 'callback')).toMatchObject(callback);
    expect(await invoke({}, 'callback')).toMatchObject(callback);
    expect(await runtime.prewarm('broken')).toBe('Error: no configuration');
    // An invocation may still meet the environment that is just ending; it fails as well, and the next says why.
    await vi.waitFor(async () => {
      expect(await invoke({}, 'broken')).toMatchObject({ ok: false, error: { errorMessage: 'no configuration' } });
    });
  });

  test('has the limits of Lambda on what goes in and what comes out: 6 MB', async () => {
    const most = 6 * 1024 * 1024;
    expect(await invoke({ do: 'large', bytes: most - 2 })).toMatchObject({ ok: true });
    expect(await invoke({ do: 'large', bytes: most - 1 })).toMatchObject({
      ok: false,
      error: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect(await invoke({ do: 'echo', value: 'x'.repeat(most) })).toMatchObject({
      ok: false,
      error: { cause: 'too_large' },
    });
  });

  test('throttles beyond 4 environments of 32 invocations each, and recovers', async () => {
    const many = Array.from({ length: 140 }, () => invoke({ do: 'hang' }));
    const outcomes = await Promise.all(many);
    const count = (cause: string) => outcomes.filter((outcome) => !outcome.ok && outcome.error.cause === cause).length;
    expect([count('timeout'), count('throttled')]).toEqual([128, 12]);
    expect(await invoke({ do: 'count' })).toEqual({ ok: true, value: 1 });
  });

  test('knows a function by name and by ARN, and no other', async () => {
    expect(await runtime.invoke(spec('sample').arn, { do: 'count' })).toMatchObject({ ok: true });
    expect(await runtime.invoke('nobody', {})).toMatchObject({
      ok: false,
      error: { errorType: 'Lambda.ResourceNotFoundException' },
    });
  });

  test('writes what the function prints to its log', async () => {
    await invoke({ do: 'log' });
    await runtime.close();
    const log = readFileSync(join(folder, 'sample.log'), 'utf8');
    expect(log).toContain('a line of the function\n');
    expect(log).toMatch(/START RequestId: [0-9a-f-]{36}/);
  });
});
