import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { documentNamed, fencesOf, PROJECT } from './documents.ts';

/** What ARCHITECTURE.md says is not there: each command prints exactly the lines that stand below it as comments. */
const absences = fencesOf(documentNamed('ARCHITECTURE.md'))
  .filter(({ info }) => info === 'sh absence')
  .map(({ body, above }) => {
    const [command = '', ...found] = body.split('\n');
    return { command, above, expected: found.map((line) => line.replace(/^# /, '')) };
  });

describe('what ARCHITECTURE.md says is not there', () => {
  it('is said at all', () => {
    expect(absences.length).toBeGreaterThan(5);
  });

  it.each(absences)('$command', ({ command, expected }) => {
    const { stdout, status, stderr } = spawnSync('sh', ['-c', command], { cwd: PROJECT, encoding: 'utf8' });
    // 1 is grep's word for "nothing found"; 2 is an error, which would pass for an absence.
    expect({ status: status !== null && status < 2, stderr }).toEqual({ status: true, stderr: '' });
    expect(stdout.split('\n').filter(Boolean).sort()).toEqual([...expected].sort());
  });
});
