import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PROJECT = join(import.meta.dirname, '..', '..');

export interface Document {
  /** File name at the root of the project. */
  readonly name: string;
  readonly text: string;
}

/** A fenced block: what its fence says (`sh absence`), and what it holds. */
export interface Fence {
  readonly info: string;
  readonly body: string;
  /** The line before it that is not empty. */
  readonly above: string;
}

/** Every document at the root of the project. */
export const documents: readonly Document[] = readdirSync(PROJECT)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(PROJECT, name), 'utf8') }));

export function documentNamed(name: string): string {
  const found = documents.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.text;
}

export function fencesOf(text: string): readonly Fence[] {
  const lines = text.split('\n');
  const fences: Fence[] = [];
  let open: { readonly at: number; readonly info: string } | undefined;
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith('```')) continue;
    if (open === undefined) {
      open = { at, info: line.slice(3).trim() };
      continue;
    }
    const above = lines.slice(0, open.at).findLast((before) => before.trim() !== '') ?? '';
    fences.push({ info: open.info, body: lines.slice(open.at + 1, at).join('\n'), above });
    open = undefined;
  }
  return fences;
}

/** What stands between single backticks, outside fences. */
export function codeSpansOf(text: string): readonly string[] {
  const prose = text.replace(/^```[^]*?^```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Rows of the table whose heading row has this first cell; cells without their padding, escaped bars as bars. */
export function tableOf(text: string, firstHeading: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => cellsOf(line)[0] === firstHeading);
  if (start === -1) throw new Error(`no table begins with ${firstHeading}`);
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end === -1 ? undefined : end).map(cellsOf);
}

const cellsOf = (line: string): string[] =>
  line.startsWith('|')
    ? line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|'))
    : [];

/** Text of every source file below these folders. */
export function sourcesIn(...folders: readonly string[]): readonly { readonly path: string; readonly text: string }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(ts|mjs)$/.test(path))
      .map((path) => ({ path: `${folder}/${path}`, text: readFileSync(join(PROJECT, folder, path), 'utf8') })),
  );
}
