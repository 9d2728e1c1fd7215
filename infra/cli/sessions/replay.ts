import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { Command } from 'commander';
import * as z from 'zod';
import { formatFault } from '../../../shared/contracts/config/fault.ts';
import { archivedSessions, type Period } from '../archive/archived-sessions.ts';
import { openArchive } from '../archive/open-archive.ts';
import { toInstant } from '../instant.ts';
import { Progress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';
import { openSource, sourceOptionsSchema, withSource } from './open-source.ts';
import { rejudge, type Rejudged } from './rejudge.ts';
import { tell } from './tell.ts';

const optionsSchema = sourceOptionsSchema.extend({
  policy: z.string().optional(),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  live: z.boolean().default(false),
  json: z.boolean().default(false),
});
type Options = z.output<typeof optionsSchema>;

export function replayCommand(): Command {
  const command = new Command('replay')
    .description('show a session as it happened; or, with --policy, judge archived sessions by other policies')
    .argument('[session]')
    .option('--live', 'with the pauses that there were, at most two seconds each')
    .option('--policy <dir>', 'configuration folder to judge by: prints what would have come out otherwise')
    .option('--from <instant>', 'with --policy: begun at or after', toInstant)
    .option('--to <instant>', 'with --policy: begun before', toInstant)
    .option('--json', 'print as JSON');
  return withSource(command).action(async (id: string | undefined, given: unknown) => {
    const options = optionsSchema.parse(given);
    if ((id === undefined) === (options.policy === undefined))
      throw new UsageError('Name a session to replay, or a folder with --policy to judge a range by.');
    if (id === undefined) await rejudgeRange(options);
    else await replayOne(id, options);
  });
}

/** Longest pause of `--live`: an approval may have taken an hour. */
const LONGEST_MS = 2_000;

async function replayOne(id: string, options: Options): Promise<void> {
  const story = await (await openSource(options)).story(id);
  if (options.json) {
    console.log(JSON.stringify(story, null, 2));
    return;
  }
  const instants = story.session.events.map(({ at }) => Date.parse(at));
  let event = -1;
  for (const line of tell(story)) {
    if (options.live && /^\d{4}-\d\d-\d\dT/.test(line)) {
      event += 1;
      await sleep(Math.min(LONGEST_MS, (instants[event] ?? 0) - (instants[event - 1] ?? instants[event] ?? 0)));
    }
    console.log(line);
  }
}

/** Sessions that are named one by one, a kind of change; the rest is counted. Bounds memory, and what a person reads. */
const NAMED = 200;

async function rejudgeRange(options: Options): Promise<void> {
  // Loads the policy engine: only for who needs it.
  const { loadConfiguration } = await import('../policies.ts');
  const loaded = await loadConfiguration(options.policy ?? '');
  if (!loaded.ok) throw new Error(loaded.error.map(formatFault).join('\n'));
  const { bundle, engine } = loaded.value;
  const { name, reader } = openArchive(options.archive, options.state);
  const { from, to } = options;
  const period: Period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const report = {
    judged: 0,
    unjudged: 0,
    skipped: 0,
    changes: new Map<string, { count: number; named: Rejudged[] }>(),
  };
  const progress = new Progress();
  for await (const found of archivedSessions(reader, period)) {
    const rejudged = found.kind === 'session' ? rejudge(found.session, engine, bundle.gateway) : undefined;
    if (found.kind === 'skipped') report.skipped += 1;
    else if (rejudged === undefined) report.unjudged += 1;
    else count(report, rejudged);
    progress.show(`${name}: ${report.judged} judged`);
  }
  progress.clear();
  console.log(options.json ? JSON.stringify(asJson(report), null, 2) : lines(report).join('\n'));
  if (report.skipped > 0) throw new Error(`replay: ${String(report.skipped)} objects could not be read as sessions`);
}

type Report = {
  judged: number;
  unjudged: number;
  skipped: number;
  changes: Map<string, { count: number; named: Rejudged[] }>;
};

function count(report: Report, rejudged: Rejudged): void {
  report.judged += 1;
  if (rejudged.was === rejudged.now) return;
  const change = report.changes.get(WORDS[rejudged.now]) ?? { count: 0, named: [] };
  change.count += 1;
  if (change.named.length < NAMED) change.named.push(rejudged);
  report.changes.set(WORDS[rejudged.now], change);
}

const WORDS = { block: 'newly blocked', approval: 'newly asked', allow: 'newly allowed' } as const;

const asJson = ({ changes, ...counts }: Report) => ({ ...counts, changes: Object.fromEntries(changes) });

function lines({ judged, unjudged, changes }: Report): string[] {
  const all = Object.values(WORDS).flatMap((word) => {
    const { count, named } = changes.get(word) ?? { count: 0, named: [] };
    return [`${styleText('bold', word)}: ${count}`, ...named.map(lineOf)];
  });
  return [...all, `${judged} sessions judged again, ${unjudged} were never judged`];
}

const lineOf = ({ session, agent, connection, was, now, policies, statement }: Rejudged): string =>
  `  ${session}  ${agent} on ${connection}: ${was} → ${now} (${policies.join(', ')})  ${JSON.stringify(statement).slice(0, 100)}`;
