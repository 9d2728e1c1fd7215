import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of a bundle, of what is needed to run: source maps lie beside the code and are read for stack traces. */
export interface Weight {
  /** Minified JavaScript, all of it. */
  readonly code: number;
  /** WASM as it lies there, packed. */
  readonly engines: number;
  /** Everything as an archive's members: each file deflated, but for the few bytes of the archive's own headers. */
  readonly archive: number;
}

export function weigh(folder: string): Weight {
  const files = readdirSync(folder).filter((name) => !name.endsWith('.map'));
  const sum = (names: readonly string[], size: (file: string) => number): number =>
    names.reduce((total, name) => total + size(join(folder, name)), 0);
  const engines = files.filter((name) => name.endsWith('.wasm.zst'));
  const code = files.filter((name) => !engines.includes(name));
  const size = (file: string): number => statSync(file).size;
  return {
    code: sum(code, size),
    engines: sum(engines, size),
    archive: sum(files, (file) => gzipSync(readFileSync(file), { level: 9 }).byteLength),
  };
}
