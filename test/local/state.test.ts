import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeLock } from '../../infra/local/lock.ts';
import { openState, wipeState, writeAtomically } from '../../infra/local/state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-state-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the state folder', () => {
  test('is made where there is none, and found again', () => {
    const path = join(folder, 'a', 'b');
    expect(openState(path).path).toBe(path);
    expect(existsSync(openState(path).folder('log'))).toBe(true);
  });

  test("is never somebody else's folder", () => {
    writeFileSync(join(folder, 'thesis.txt'), 'ten years of work');
    expect(() => openState(folder)).toThrow('is not a state folder of Countersign');
    expect(readdirSync(folder)).toEqual(['thesis.txt']);
  });

  test('is emptied but for its mark and its lock', () => {
    const state = openState(join(folder, 'state'));
    const lock = takeLock(state.path);
    mkdirSync(join(state.folder('dynamodb'), 'deep'));
    wipeState(state);
    expect(readdirSync(state.path).sort()).toEqual(['lock', 'made-by-countersign']);
    lock.release();
    expect(() => openState(state.path)).not.toThrow();
  });

  test('files in it are replaced whole', () => {
    const path = join(folder, 'x', 'file.json');
    writeAtomically(path, 'one');
    writeAtomically(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'x'))).toEqual(['file.json']);
  });
});

describe('the lock', () => {
  test('goes with a process that ends without letting go of it', () => {
    const lock = JSON.stringify(join(import.meta.dirname, '..', '..', 'infra', 'local', 'lock.ts'));
    const script = `const { takeLock } = await import(${lock}); takeLock(${JSON.stringify(folder)}); console.log((await import('node:fs')).readdirSync(${JSON.stringify(folder)})); process.exit(0);`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    expect(stdout).toContain('lock');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('keeps a second copy out and names the process and the remedy', () => {
    const lock = takeLock(folder);
    expect(() => takeLock(folder)).toThrow(
      new RegExp(`process ${process.pid}\\) uses the state in .* COUNTERSIGN_STATE=DIR`),
    );
    lock.release();
    takeLock(folder).release();
  });

  test.each([
    ['a process that is gone', JSON.stringify({ pid: 2_147_483_646, born: '1' })],
    ['a process whose number another one has now', JSON.stringify({ pid: process.ppid, born: 'long ago' })],
    ['an earlier process with our own number', JSON.stringify({ pid: process.pid, born: 'long ago' })],
    ['a writer that was killed half way', '{"pid":'],
  ])('of %s is taken over', (_title, content) => {
    writeFileSync(join(folder, 'lock'), content);
    const lock = takeLock(folder);
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });
});
