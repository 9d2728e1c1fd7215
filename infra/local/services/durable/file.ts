import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

/** Readable by its owner alone: these files hold secrets and private keys. */
const ownerOnly = 0o600;

/**
 * Replaces a file whole: written beside it, flushed, renamed over it. A crash leaves the old one or the new one,
 * never half of one (rename(2) is atomic within a file system).
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  const file = openSync(beside, 'w', ownerOnly);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(beside, path);
}

/**
 * Reads a JSON file of the given shape; `empty` if there is none yet.
 * @throws when it is there but damaged: starting anew over it would lose what it holds without a word.
 */
export function readWhole<T>(path: string, shape: z.ZodType<T>, empty: T): T {
  const text = readIfThere(path);
  if (text === undefined) return empty;
  const parsed = shape.safeParse(tryJson(text));
  if (!parsed.success)
    throw new Error(`${path} is damaged: ${z.prettifyError(parsed.error)}. Restore it, or start with fresh state.`);
  return parsed.data;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
