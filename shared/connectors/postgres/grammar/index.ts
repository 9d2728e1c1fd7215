export { warmGrammar } from './engine.ts';
export { guardText } from './guard.ts';
export { parseBody } from './parse-body.ts';
export { parseStatement, withinBounds } from './parse.ts';
export type { ParsedStatement } from './parse.ts';
