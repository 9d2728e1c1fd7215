import { Command, CommanderError } from 'commander';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { policiesCommand } from './policies.ts';
import { tokenCommand } from './token.ts';
import { UsageError } from './usage-error.ts';

/** Exit codes: 0 done, 1 it failed, 2 it was asked wrongly. Commands of their own meaning say so in their help. */
const EXIT = { failed: 1, usage: 2 } as const;

/** The commands, one file each. */
const COMMANDS: readonly (() => Command)[] = [policiesCommand, tokenCommand];

export function createProgram(): Command {
  const program = new Command('countersign')
    .description(manifest.description)
    .version(manifest.version, '-V, --version', 'print the version')
    .showHelpAfterError('(countersign --help lists what there is)')
    .exitOverride();
  for (const make of COMMANDS) program.addCommand(inheriting(make(), program));
  return program;
}

/** `addCommand` does not pass these on, and without them a subcommand's usage error would end the process with 1. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

/** Runs one command line; answers the exit code. */
export async function runCli(words: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  // Commander has printed its own message; help and version come here too, with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof z.ZodError) console.error(z.prettifyError(error));
  else console.error(error instanceof Error ? error.message : error);
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

if (import.meta.main) process.exitCode = await runCli(process.argv.slice(2));
