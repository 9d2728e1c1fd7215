import { constants, open, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { ConfigFault } from '../contracts/config/fault.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';

/** A configuration that a person reviews is far below this; more is a mistake or an attack on memory. */
const MAX_FILE_BYTES = 1_048_576;
/** As many as the bundle's own limit. */
const MAX_POLICY_FILES = 1_000;

export interface SourceFile {
  /** Relative to the configuration folder, with `/`. */
  readonly name: string;
  readonly text: string;
}

/**
 * Reads one file of the folder: a regular file, inside the folder after every symlink is followed (a link to
 * /proc or to another tenant's files must not become configuration), bounded, and valid UTF-8.
 */
export async function readSource(dir: string, name: string): Promise<Result<SourceFile, ConfigFault>> {
  const fault = (message: string, remedy: string) => err({ file: name, path: '', message, remedy });
  try {
    const root = await realpath(dir);
    const real = await realpath(join(root, name));
    const inside = relative(root, real);
    if (inside.startsWith(`..${sep}`) || inside === '..' || inside.startsWith(sep))
      return fault('the file lies outside the configuration folder', 'replace the link by the file itself');
    const bytes = await readBounded(real);
    if (bytes === 'irregular') return fault('this is not a regular file', 'put a plain file here');
    if (bytes === 'too-large')
      return fault(`the file is larger than ${String(MAX_FILE_BYTES)} bytes`, 'split it, or remove what is generated');
    return ok({ name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) });
  } catch (error) {
    if (error instanceof TypeError) return fault('the file is not valid UTF-8', 'save it as UTF-8');
    return fault('the file cannot be read', `check that ${name} exists in the configuration folder and is readable`);
  }
}

async function readBounded(path: string): Promise<Uint8Array | 'irregular' | 'too-large'> {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return 'irregular';
    if (stat.size > MAX_FILE_BYTES) return 'too-large';
    const buffer = new Uint8Array(MAX_FILE_BYTES + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return bytesRead > MAX_FILE_BYTES ? 'too-large' : buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * The `.cedar` files of `policies/`, sorted. Anything else there is a fault: `guard.ceder`, silently skipped,
 * would be a forbid that nobody applies.
 */
export async function listPolicies(dir: string): Promise<Result<readonly string[], ConfigFault[]>> {
  const fault = (file: string, message: string, remedy: string): ConfigFault => ({ file, path: '', message, remedy });
  const entries = await readdir(join(dir, 'policies'), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined)
    return err([
      fault(
        'policies',
        'the folder is missing',
        'create policies/ with at least one .cedar file: nothing is permitted without a policy',
      ),
    ]);
  const visible = entries.filter((entry) => !entry.name.startsWith('.') && entry.name !== 'README.md');
  const strange = visible.filter((entry) => !/^[A-Za-z0-9._-]+\.cedar$/.test(entry.name) || entry.isDirectory());
  if (strange.length > 0)
    return err(
      strange.map((entry) =>
        fault(
          `policies/${entry.name}`,
          'only .cedar files belong here',
          'rename it to NAME.cedar (letters, digits, . _ -) or move it away',
        ),
      ),
    );
  if (visible.length === 0)
    return err([
      fault('policies', 'there is no .cedar file', 'write at least one policy: nothing is permitted without one'),
    ]);
  if (visible.length > MAX_POLICY_FILES)
    return err([
      fault('policies', `there are more than ${String(MAX_POLICY_FILES)} files`, 'put more policies into one file'),
    ]);
  return ok(visible.map((entry) => entry.name).sort());
}
