import { Command } from 'commander';
import { exportCommand } from '../export/command.ts';
import { listCommand } from './list.ts';
import { replayCommand } from './replay.ts';
import { showCommand } from './show.ts';
import { waitCommand } from './wait.ts';

/** `countersign sessions list|show|wait|replay|export`. */
export function sessionsCommand(): Command {
  return new Command('sessions')
    .description('find, read, judge again and export what is on record')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(waitCommand())
    .addCommand(replayCommand())
    .addCommand(exportCommand());
}
