import { describe, expect, it } from 'vitest';
import { rememberTokens } from '../../shared/identity/remembered.ts';

const at = (seconds: number) => new Date(1_790_000_000_000 + seconds * 1_000);

describe('the memory of verified tokens', () => {
  it('holds what was used last, and no more than its bound', () => {
    const memory = rememberTokens<string>(3);
    for (const token of ['a', 'b', 'c']) memory.put(token, token, at(100), at(0));
    expect(memory.get('a', at(1))).toBe('a');
    memory.put('d', 'd', at(100), at(2));
    expect(['a', 'b', 'c', 'd'].map((token) => memory.get(token, at(3)))).toEqual(['a', undefined, 'c', 'd']);
  });

  it('forgets after five minutes, however long the token lives', () => {
    const memory = rememberTokens<string>();
    memory.put('a', 'a', at(3_600), at(0));
    expect(memory.get('a', at(299))).toBe('a');
    expect(memory.get('a', at(300))).toBeUndefined();
  });

  it('forgets when the token ends', () => {
    const memory = rememberTokens<string>();
    memory.put('a', 'a', at(10), at(0));
    expect(memory.get('a', at(9))).toBe('a');
    expect(memory.get('a', at(10))).toBeUndefined();
  });

  it('does not believe a clock that jumped back', () => {
    const memory = rememberTokens<string>();
    memory.put('a', 'a', at(10), at(0));
    expect(memory.get('a', at(-1))).toBeUndefined();
    expect(memory.get('a', at(1))).toBeUndefined();
  });
});
