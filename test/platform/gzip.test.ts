import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pack, unpack } from '../../shared/platform/gzip.ts';

describe('packing', () => {
  test.each(['', 'x', 'x'.repeat(100_000), '\u0000\uFFFD😀'])('gives back what was packed', (text) => {
    expect(Buffer.from(unpack(pack(text), 1_000_000) ?? []).toString()).toBe(text);
    expect(pack(text)).toEqual(pack(text));
  });

  test('reads what lies in the middle of a larger buffer', () => {
    const packed = pack('here');
    const room = Buffer.concat([Buffer.from('before'), packed, Buffer.from('after')]);
    expect(Buffer.from(unpack(room.subarray(6, 6 + packed.byteLength), 100) ?? []).toString()).toBe('here');
  });

  test('stops at the most that may come out', () => {
    expect(unpack(pack('x'.repeat(1_001)), 1_001)).toBeDefined();
    expect(unpack(pack('x'.repeat(1_001)), 1_000)).toBeUndefined();
    expect(unpack(gzipSync(Buffer.alloc(50_000_000)), 4_000_000)).toBeUndefined();
  });
});
