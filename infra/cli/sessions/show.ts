import { Command } from 'commander';
import * as z from 'zod';
import { openSource, sourceOptionsSchema, withSource } from './open-source.ts';
import { tell } from './tell.ts';

const optionsSchema = sourceOptionsSchema.extend({ json: z.boolean().default(false) });

export function showCommand(): Command {
  const command = new Command('show')
    .description('show one session; its chain is computed again here')
    .argument('<session>')
    .option('--json', 'print it as JSON, with every event');
  return withSource(command).action(async (id: string, given: unknown) => {
    const options = optionsSchema.parse(given);
    const story = await (await openSource(options)).story(id);
    console.log(options.json ? JSON.stringify(story, null, 2) : tell(story).join('\n'));
  });
}
