import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Public test corpora kept outside the project: COUNTERSIGN_CORPORA names the folder, else it is looked for beside the checkout. */
const FOLDER = process.env['COUNTERSIGN_CORPORA'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'corpora');

/** The folder of a corpus, or undefined where it is not there: the test then skips, saying which corpus it wants. */
export function corpus(name: string): string | undefined {
  const folder = join(FOLDER, name);
  return existsSync(folder) ? folder : undefined;
}
