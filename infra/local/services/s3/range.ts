import type { Result } from '../../../../shared/platform/result.ts';
import { ok } from '../../../../shared/platform/result.ts';
import type { S3Error } from './answer.ts';
import { refuse } from './answer.ts';

/** Bytes [from, to). */
export type ByteRange = readonly [from: number, to: number];

/**
 * The bytes a Range header asks for, `undefined` for all of them. S3 serves one range a request; what is not one
 * well-formed range of bytes is ignored (RFC 9110, 14.2).
 */
export function readRange(header: string | undefined, size: number): Result<ByteRange | undefined, S3Error> {
  const parts = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = parts ?? [];
  if (first === '' && last === '') return ok(undefined);
  if (first === '') return within(Math.max(0, size - Number(last)), size, size);
  if (last !== '' && Number(last) < Number(first)) return ok(undefined);
  return within(Number(first), last === '' ? size : Math.min(size, Number(last) + 1), size);
}

function within(from: number, to: number, size: number): Result<ByteRange, S3Error> {
  if (from < to) return ok([from, to]);
  return refuse(416, 'InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${size}` });
}
