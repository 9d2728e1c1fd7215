import { Command, CommanderError } from 'commander';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { ExitWith } from './exit-with.ts';
import { UsageError } from './usage-error.ts';

/** Exit codes: 0 done, 1 it failed, 2 it was asked wrongly. Commands of their own meaning say so in their help. */
const EXIT = { failed: 1, usage: 2 } as const;

/** The commands, one file each, loaded when named: printing a token does not wait for the policy engine to load. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  exec: async () => (await import('./agent/commands.ts')).execCommand(),
  check: async () => (await import('./agent/commands.ts')).checkCommand(),
  wait: async () => (await import('./agent/commands.ts')).waitCommand(),
  token: async () => (await import('./token.ts')).tokenCommand(),
  kubeconfig: async () => (await import('./kubernetes/kubeconfig.ts')).kubeconfigCommand(),
  credential: async () => (await import('./kubernetes/credential.ts')).credentialCommand(),
  policies: async () => (await import('./policies.ts')).policiesCommand(),
  stop: async () => (await import('./controls/stop.ts')).stopCommand(),
  resume: async () => (await import('./controls/stop.ts')).resumeCommand(),
  stops: async () => (await import('./controls/stop.ts')).stopsCommand(),
  leases: async () => (await import('./controls/leases.ts')).leasesCommand(),
  sessions: async () => (await import('./sessions/index.ts')).sessionsCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  key: async () => (await import('./key.ts')).keyCommand(),
  doctor: async () => (await import('./doctor/command.ts')).doctorCommand(),
  sample: async () => (await import('./sample/command.ts')).sampleCommand(),
  hold: async () => (await import('./hold.ts')).holdCommand(),
  classify: async () => (await import('./classify/index.ts')).classifyCommand(),
};

/** The program with the command that `words` name, or with all of them where they name none (help, a typing error). */
async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('countersign')
    .description(manifest.description)
    .version(manifest.version, '-V, --version', 'print the version')
    .showHelpAfterError('(countersign --help lists what there is)')
    .exitOverride();
  const [first = ''] = words;
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  for (const load of named ? [named] : Object.values(COMMANDS)) {
    program.addCommand(inheriting(await load(), program));
  }
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
    const program = await createProgram(words);
    await program.parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  // Commander has printed its own message; help and version come here too, with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof ExitWith) {
    if (error.message !== '') console.error(error.message);
    return error.code;
  }
  if (error instanceof z.ZodError) console.error(z.prettifyError(error));
  else console.error(error instanceof Error ? error.message : error);
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

if (import.meta.main) {
  // Whoever reads the output may have had enough of it: `countersign … | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  process.exitCode = await runCli(process.argv.slice(2));
}
