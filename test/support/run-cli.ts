import { vi } from 'vitest';
import { runCli } from '../../infra/cli/main.ts';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One command line in this process, with what it printed. */
export async function cli(...words: string[]): Promise<CliRun> {
  const [out, err]: [string[], string[]] = [[], []];
  const line =
    (to: string[]) =>
    (...values: unknown[]): void =>
      void to.push(`${values.map(String).join(' ')}\n`);
  const piece = (to: string[]) => (text: string | Uint8Array) => to.push(String(text)) > 0;
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(line(out)),
    vi.spyOn(console, 'error').mockImplementation(line(err)),
    vi.spyOn(process.stdout, 'write').mockImplementation(piece(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(piece(err)),
  ];
  try {
    const code = await runCli(words);
    return { code, out: out.join(''), err: err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
