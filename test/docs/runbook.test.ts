import { describe, expect, it } from 'vitest';
import { documentNamed, sourcesIn } from './documents.ts';

const articles = [...documentNamed('RUNBOOK.md').matchAll(/^### `([^`]+)`$/gm)].map(([, message = '']) => message);

/** Every message that deployed code logs. */
const logged = sourcesIn('shared', 'functions').flatMap(({ text }) =>
  [...text.matchAll(/\blog\.(?:info|warn|error)\(\s*'([^']+)'/g)].map(([, message = '']) => message),
);

describe('RUNBOOK.md', () => {
  it('has an article for every message that is logged, and for no other', () => {
    expect([...articles].sort()).toEqual([...new Set(logged)].sort());
  });

  it('misses no call of the log whose message is not a plain text', () => {
    const calls = sourcesIn('shared', 'functions').flatMap(({ text }) => [
      ...text.matchAll(/\blog\.(?:info|warn|error)\(/g),
    ]);
    expect(calls).toHaveLength(logged.length);
  });
});
