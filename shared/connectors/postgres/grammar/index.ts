export { warmGrammar } from './engine.ts';
export { guardText } from './guard.ts';
export { parseStatement } from './parse.ts';
export type { ParsedStatement } from './parse.ts';
