import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { environment } from '../platform/environment.ts';
import { watchSpans, type Span } from '../platform/spans.ts';

/** What Lambda says of the invocation under way: `Root=1-…;Parent=…;Sampled=1` (X-Ray developer guide, "Tracing header"). */
const HEADER = /Root=(1-[0-9a-f]{8}-[0-9a-f]{24}).*Parent=([0-9a-f]{16}).*Sampled=1/;

/** A subsegment by itself, as the daemon takes it (X-Ray developer guide, "Segment documents"); undefined when this trace is not kept. */
export function subsegment(traceHeader: string | undefined, { name, startedAt, ms }: Span): string | undefined {
  const [, trace, parent] = HEADER.exec(traceHeader ?? '') ?? [];
  if (trace === undefined || parent === undefined) return undefined;
  const document = {
    type: 'subsegment',
    id: randomBytes(8).toString('hex'),
    trace_id: trace,
    parent_id: parent,
    name,
    start_time: startedAt / 1_000,
    end_time: (startedAt + ms) / 1_000,
  };
  return `{"format": "json", "version": 1}\n${JSON.stringify(document)}`;
}

/**
 * Draws the steps of a request in its trace: a datagram a step to the daemon that Lambda runs beside every traced function, sent and
 * forgotten. The SDK for it would add 57 ms to every cold start. Where there is no daemon nobody watches, and nothing is measured.
 */
export function drawSpans(): () => void {
  const daemon = /^([\w.-]+):(\d+)$/.exec(environment.xrayDaemon() ?? '');
  if (daemon === null) return () => undefined;
  const socket = createSocket('udp4').unref();
  socket.on('error', () => undefined);
  return watchSpans((span) => {
    const text = subsegment(environment.traceHeader(), span);
    if (text !== undefined) socket.send(text, Number(daemon[2]), daemon[1]);
  });
}
