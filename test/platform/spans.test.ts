import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { drawSpans, subsegment } from '../../shared/aws/xray.ts';
import { span, watchSpans, type Span } from '../../shared/platform/spans.ts';

const stop: (() => void)[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const end of stop.splice(0)) end();
});

function watched(): Span[] {
  const seen: Span[] = [];
  stop.push(watchSpans((one) => seen.push(one)));
  return seen;
}

describe('a span', () => {
  test('tells how long a step took, done at once or later, and gives back what the step gave', async () => {
    const seen = watched();
    expect(span('decide', () => 7)).toBe(7);
    expect(await span('target', () => Promise.resolve('rows'))).toBe('rows');
    expect(seen.map(({ name }) => name)).toEqual(['decide', 'target']);
    for (const { ms, startedAt } of seen) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(Math.abs(startedAt - Date.now())).toBeLessThan(60_000);
    }
  });

  test('holds a name and two numbers, and nothing of what the step was given or gave', async () => {
    const seen = watched();
    await span('authenticate', () => Promise.resolve({ token: 'eyJhbGciOi' }));
    expect(Object.keys(seen[0] ?? {}).sort()).toEqual(['ms', 'name', 'startedAt']);
  });

  test('tells of a step that failed, and lets it fail', async () => {
    const seen = watched();
    const failing = (): never => {
      throw new Error('no');
    };
    expect(() => span('mask', failing)).toThrow('no');
    await expect(span('record', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(seen.map(({ name }) => name)).toEqual(['mask', 'record']);
  });

  test('is not held up by a watcher that throws, and nobody is told once watching has ended', () => {
    const seen: Span[] = [];
    const end = watchSpans((one) => {
      seen.push(one);
      throw new Error('the watcher is broken');
    });
    expect(span('analyse', () => 1)).toBe(1);
    end();
    expect(span('analyse', () => 2)).toBe(2);
    expect(seen).toHaveLength(1);
  });
});

const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const ONE: Span = { name: 'decide', startedAt: 1_480_615_200_010, ms: 80 };

describe('on X-Ray', () => {
  test('a step is a subsegment of the invocation under way', () => {
    const [header, document] = (subsegment(TRACE, ONE) ?? '').split('\n');
    expect(JSON.parse(header ?? '')).toEqual({ format: 'json', version: 1 });
    expect(document).toMatch(/"id":"[0-9a-f]{16}"/);
    expect(JSON.parse(document ?? '')).toMatchObject({
      type: 'subsegment',
      trace_id: '1-5759e988-bd862e3fe1be46a994272793',
      parent_id: '53995c3f42cd8ad8',
      name: 'decide',
      start_time: 1_480_615_200.01,
      end_time: 1_480_615_200.09,
    });
  });

  test.each([undefined, '', TRACE.replace('Sampled=1', 'Sampled=0'), 'Root=1-x;Parent=y;Sampled=1'])(
    'nothing is sent of a trace that is not kept: %j',
    (header) => {
      expect(subsegment(header, ONE)).toBeUndefined();
    },
  );

  test('steps reach the daemon that Lambda names', async () => {
    const daemon = createSocket('udp4').bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `127.0.0.1:${String(daemon.address().port)}`);
    vi.stubEnv('_X_AMZN_TRACE_ID', TRACE);
    stop.push(drawSpans());
    const arrived = once(daemon, 'message');
    span('target', () => undefined);
    expect(String((await arrived)[0])).toContain('"name":"target"');
    daemon.close();
  });
});
