import type { MaskStrategy } from '../contracts/config/masking.ts';
import type { JsonValue } from '../platform/json-value.ts';
import { placeholder } from './detectors/found.ts';

/** A classified value as its strategy shows it. */
export function show(value: JsonValue, strategy: MaskStrategy, className: string): JsonValue {
  switch (strategy.kind) {
    case 'redact':
      return placeholder(className);
    case 'null':
      return null;
    case 'fixed':
      return strategy.text;
    case 'keep-last':
      return keepLast(value, strategy.characters, className);
  }
}

/** Keeps the last characters only of text at least three times as long: of a short one they would be most of it. */
function keepLast(value: JsonValue, characters: number, className: string): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const points = Array.from(text);
  return points.length < characters * 3
    ? placeholder(className)
    : `[masked:${className} …${points.slice(-characters).join('')}]`;
}
