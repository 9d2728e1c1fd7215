import { PutObjectLegalHoldCommand } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import * as z from 'zod';
import { createObjectStore } from '../../shared/aws/object-store.ts';
import { BLOBS } from '../../shared/domain/digest.ts';
import type { Session } from '../../shared/domain/session.ts';
import { blobsIn } from '../../shared/gateway/record/blobs-in.ts';
import { toJson } from '../../shared/platform/json-value.ts';
import { archivedSessions, findArchived, type Found } from './archive/archived-sessions.ts';
import { bucketAt, bucketOfStack, type Place } from './archive/open-archive.ts';
import { toInstant } from './instant.ts';
import { Progress } from './progress.ts';
import { UsageError } from './usage-error.ts';

const optionsSchema = z.object({
  connection: z.string().optional(),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  release: z.boolean().default(false),
  archive: z.string().optional(),
  json: z.boolean().default(false),
  state: z.string().optional(),
});
type Options = z.output<typeof optionsSchema>;

/** `countersign hold`: S3 Object Lock's legal hold on sessions and on everything they refer to. */
export function holdCommand(): Command {
  return new Command('hold')
    .description('keep archived sessions, past their retention, until the hold is released')
    .argument('[session]', 'id of a session')
    .option('--connection <name>', 'all sessions of a connection instead')
    .option('--from <instant>', 'with --connection: begun at or after', toInstant)
    .option('--to <instant>', 'with --connection: begun before', toInstant)
    .option('--release', 'lift the hold')
    .option('--archive <s3://bucket>', 'the archive (default: that of the running stack)')
    .option('--json', 'print the keys as JSON')
    .option('--state <dir>', 'state folder of the stack')
    .action(async (session: string | undefined, given: unknown) => {
      const options = optionsSchema.parse(given);
      if ((session === undefined) === (options.connection === undefined))
        throw new UsageError('Name a session, or all of a connection with --connection.');
      const keys = await hold(session, options);
      const word = options.release ? 'released' : 'held';
      console.log(
        options.json ? JSON.stringify({ [word]: keys }, null, 2) : keys.map((key) => `${word} ${key}`).join('\n'),
      );
    });
}

async function hold(id: string | undefined, options: Options): Promise<string[]> {
  const place = placeOf(options);
  const progress = new Progress();
  const done: string[] = [];
  for await (const { key, session } of wanted(place, id, options)) {
    for (const object of [key, ...blobsOf(session)]) {
      await setHold(place, object, options.release ? 'OFF' : 'ON');
      done.push(object);
    }
    progress.show(`${done.length} objects`);
  }
  progress.clear();
  if (done.length === 0) throw new Error(`hold: nothing in the archive is ${id ?? `of ${options.connection ?? ''}`}`);
  return done;
}

function placeOf({ archive, state }: Options): Place {
  const place = archive === undefined ? bucketOfStack(state) : bucketAt(archive);
  if (place === undefined)
    throw new UsageError(`--archive ${archive ?? ''}: only a bucket can hold; name s3://bucket.`);
  return place;
}

async function* wanted({ bucket, prefix }: Place, id: string | undefined, options: Options) {
  if (prefix !== '') throw new UsageError('A hold is put on the archive itself: s3://bucket, without a prefix.');
  const reader = createObjectStore(bucket);
  if (id !== undefined) {
    yield* sessionsOf(await findArchived(reader, id));
    return;
  }
  const { connection, from, to } = options;
  const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  for await (const found of archivedSessions(reader, period))
    for (const one of sessionsOf(found)) if (one.session.submitted.connection === connection) yield one;
}

const sessionsOf = (found: Found | undefined) => (found?.kind === 'session' ? [found] : []);

const blobsOf = (session: Session): string[] =>
  blobsIn(toJson(session.events)).map(({ sha256 }) => `${BLOBS}${sha256}`);

async function setHold({ bucket }: Place, key: string, status: 'ON' | 'OFF'): Promise<void> {
  await bucket.client.send(
    new PutObjectLegalHoldCommand({
      Bucket: bucket.name,
      Key: key,
      LegalHold: { Status: status },
      ChecksumAlgorithm: 'SHA256',
    }),
  );
}
