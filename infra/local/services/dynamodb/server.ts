import { join } from 'node:path';
import { turnstile } from '../durable/one-at-a-time.ts';
import type { EmbeddedService, ServiceOptions } from '../service.ts';
import { machineClock } from '../service.ts';
import { awsJson } from '../wire/aws-json.ts';
import { listen } from '../wire/http-server.ts';
import { openStore } from './engine.ts';
import { operations } from './operations.ts';
import { retentionMs, trimOutbox } from './outbox.ts';
import type { ChangeListener } from './stream.ts';
import { Streams } from './streams.ts';
import { sweepExpired } from './time-to-live.ts';
import { trimTokens } from './tokens.ts';
import type { WriteRoom } from './writer.ts';

/** DynamoDB's largest request is a BatchWriteItem of 16 MB. */
const maxBodyBytes = 16 * 1024 * 1024;
/** AWS promises expiry "within a few days"; a minute keeps a demonstration honest about what expires. */
const sweepEveryMs = 60_000;

export interface EmbeddedDynamoDb extends EmbeddedService {
  /**
   * Hears of every change to a table that has a stream: at least once, in order per item, asked again with growing
   * pauses while it rejects. Changes from before the call, also of an earlier run, come first (up to 24 hours old).
   * The answer takes the listener off again.
   */
  onChange(table: string, listener: ChangeListener): () => void;
  /** Removes expired items now instead of at the next minute. Answers how many. */
  sweep(): Promise<number>;
}

/** DynamoDB on dynalite's engine: see operations.ts for what there is. State: `stateDir/dynamodb` (LevelDB). */
export async function startDynamoDb(options: ServiceOptions): Promise<EmbeddedDynamoDb> {
  const { stateDir, host = '127.0.0.1', port = 0, clock = machineClock } = options;
  const store = await openStore(join(stateDir, 'dynamodb'));
  const streams = await Streams.open(store, clock);
  const room: WriteRoom = { store, streams, inTurn: turnstile() };
  const protocol = awsJson({
    name: 'DynamoDB',
    targetPrefix: 'DynamoDB_20120810',
    contentType: 'application/x-amz-json-1.0',
    host,
    operations: operations(room, clock),
  });
  const server = await listen({ host, port, maxBodyBytes }, protocol).catch(async (error: unknown) => {
    await store.db.close();
    throw error;
  });
  const sweep = async (): Promise<number> => {
    const now = clock();
    await trimOutbox(store.db, now.getTime() - retentionMs);
    await trimTokens(store.db, now);
    return sweepExpired(room, now);
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => {
      console.error('DynamoDB (embedded): sweep failed, next in a minute:', error);
    });
  }, sweepEveryMs).unref();
  const shut = async (): Promise<void> => {
    clearInterval(timer);
    await server.close();
    await streams.close();
    await room.inTurn(() => store.db.close());
  };
  let closing: Promise<void> | undefined;
  return {
    name: 'DynamoDB',
    endpointVariable: 'AWS_ENDPOINT_URL_DYNAMODB',
    url: server.url,
    onChange: (table, listener) => streams.onChange(table, listener),
    sweep,
    close: () => (closing ??= shut()),
  };
}
