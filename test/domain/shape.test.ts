import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundsFault, fitsLease, type Bound, type Constant, type Shape } from '../../shared/domain/shape.ts';
import { stopCovers, stopKey, type StopScope } from '../../shared/domain/stop.ts';

const shape = (...constants: Constant[]): Shape => ({ digest: 'd', constants });
const integer = (value: string): Constant => ({ type: 'integer', value });
const decimal = (value: string): Constant => ({ type: 'decimal', value });
const text = (value: string): Constant => ({ type: 'text', value });

describe('a lease fits', () => {
  test.each<[string, Shape, Bound[], Shape, boolean]>([
    ['the same constants', shape(integer('5')), [], shape(integer('5')), true],
    ['another constant without a bound: not', shape(integer('5')), [], shape(integer('6')), false],
    ['another tree: not', shape(integer('5')), [], { ...shape(integer('5')), digest: 'e' }, false],
    ['one constant more: not', shape(integer('5')), [], shape(integer('5'), integer('5')), false],
    ['the ends of a range', shape(integer('5')), [{ index: 0, min: '1', max: '9' }], shape(integer('9')), true],
    ['past the end: not', shape(integer('5')), [{ index: 0, min: '1', max: '9' }], shape(integer('10')), false],
    ['below zero: not', shape(integer('5')), [{ index: 0, min: '1', max: '9' }], shape(integer('-5')), false],
    [
      'another type of the same digits: not',
      shape(integer('5')),
      [{ index: 0, min: '1', max: '9' }],
      shape(text('5')),
      false,
    ],
    [
      'null for a number: not',
      shape(integer('5')),
      [{ index: 0, min: '1', max: '9' }],
      shape({ type: 'null', value: '' }),
      false,
    ],
    ['a value of a list', shape(text('a')), [{ index: 0, in: ['b', 'c'] }], shape(text('c')), true],
    ['the value it had, beside a list', shape(text('a')), [{ index: 0, in: ['b'] }], shape(text('a')), true],
    ['a value in another case: not', shape(text('a')), [{ index: 0, in: ['b'] }], shape(text('B')), false],
    [
      'a decimal by its digits',
      shape(decimal('1.0')),
      [{ index: 0, min: '0.5', max: '1.5' }],
      shape(decimal('1.50')),
      true,
    ],
    [
      'a decimal that a float would round into the range: not',
      shape(decimal('1.0')),
      [{ index: 0, min: '0', max: '100' }],
      shape(decimal('100.00000000000000000001')),
      false,
    ],
    ['an exponent: not', shape(decimal('1.0')), [{ index: 0, min: '0', max: '9' }], shape(decimal('1e0')), false],
    [
      'NaN as text of a decimal: not',
      shape(decimal('1.0')),
      [{ index: 0, min: '0', max: '9' }],
      shape(decimal('NaN')),
      false,
    ],
    [
      'a bound on another constant: not',
      shape(integer('1'), integer('2')),
      [{ index: 0, min: '0', max: '9' }],
      shape(integer('1'), integer('3')),
      false,
    ],
  ])('%s', (_what, leased, bounds, asked, fits) => {
    expect(fitsLease(leased, bounds, asked)).toBe(fits);
  });

  test('exactly the integers of a range, however large', () => {
    const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(whole, whole, whole, whole, (was, min, max, now) => {
        const bounds = [{ index: 0, min: String(min), max: String(max) }];
        const fits = fitsLease(shape(integer(String(was))), bounds, shape(integer(String(now))));
        expect(fits).toBe(now === was || (min <= now && now <= max));
      }),
    );
  });

  test('nothing but what it had when nobody gave bounds, whatever the constants', () => {
    const constants = fc.array(
      fc.record({
        type: fc.constantFrom('integer', 'decimal', 'text', 'boolean', 'bits', 'null' as const),
        value: fc.oneof(fc.string(), fc.integer().map(String)),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(constants, constants, (left, right) => {
        expect(fitsLease(shape(...left), [], shape(...right))).toBe(JSON.stringify(left) === JSON.stringify(right));
      }),
    );
  });

  test('no bound that was refused when it was given ever lets anything through that no bound would', () => {
    const bound = fc.record(
      { index: fc.integer({ min: 0, max: 3 }), min: fc.string({ maxLength: 4 }), max: fc.string({ maxLength: 4 }) },
      { requiredKeys: ['index'] },
    );
    fc.assert(
      fc.property(bound, fc.integer().map(String), fc.integer().map(String), (given, was, now) => {
        fc.pre(was !== now && boundsFault(shape(integer(was)), [given]) !== undefined);
        expect(fitsLease(shape(integer(was)), [given], shape(integer(now)))).toBe(false);
      }),
    );
  });
});

describe('a stop', () => {
  const scopes: StopScope[] = [
    { kind: 'all' },
    { kind: 'connection', connection: 'orders' },
    { kind: 'agent', issuerUrl: 'https://a', subject: 'b' },
  ];
  test('covers what it names, and nothing that looks like it', () => {
    const agent = { issuerUrl: 'https://a', subject: 'b' };
    expect(scopes.map((scope) => stopCovers(scope, agent, 'orders'))).toEqual([true, true, true]);
    expect(scopes.map((scope) => stopCovers(scope, { ...agent, subject: 'B' }, 'order'))).toEqual([true, false, false]);
    expect(stopKey({ kind: 'agent', issuerUrl: 'ab', subject: 'c' })).not.toBe(
      stopKey({ kind: 'agent', issuerUrl: 'a', subject: 'bc' }),
    );
    expect(stopKey({ kind: 'connection', connection: 'all' })).not.toBe(stopKey({ kind: 'all' }));
  });
});
