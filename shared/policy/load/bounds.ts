/** A policy that a person can review fits on a few screens. */
const MAX_CHARACTERS = 16_384;
/** Brackets in brackets. 3,000 corrupted the Cedar module when measured; nobody reads past a dozen. */
const MAX_DEPTH = 32;
/** Operators build trees as deep as they are many: 5,000 `&&` corrupted the module too, 2,000 did not. */
const MAX_OPERATORS = 256;

/**
 * Refuses what could overflow the stack inside Cedar's WebAssembly before Cedar sees it: an overflow there leaves the
 * module damaged for every later decision. Counts outside strings and comments. Undefined when within bounds.
 */
export function beyondBounds(text: string): { readonly message: string; readonly remedy: string } | undefined {
  // A lone surrogate makes Cedar's module throw instead of answering.
  if (!text.isWellFormed())
    return { message: 'the policy holds half of a character (a lone surrogate)', remedy: 'write it anew as UTF-8' };
  if (text.length > MAX_CHARACTERS)
    return {
      message: `the policy is longer than ${String(MAX_CHARACTERS)} characters`,
      remedy: 'split it into several policies',
    };
  const code = text.replace(/"(?:\\[\s\S]|[^"\\])*"|\/\/[^\n\r]*/g, ' "" ');
  if (deepest(code) > MAX_DEPTH)
    return {
      message: `the policy nests brackets deeper than ${String(MAX_DEPTH)}`,
      remedy: 'write several simpler policies',
    };
  const operators = code.match(/&&|\|\||[.!<>+*-]|==|\b(?:if|in|is|has|like)\b/g)?.length ?? 0;
  if (operators > MAX_OPERATORS)
    return {
      message: `the policy has more than ${String(MAX_OPERATORS)} operators`,
      remedy: 'write several simpler policies, or use a group or a set',
    };
  return undefined;
}

function deepest(code: string): number {
  let depth = 0;
  let most = 0;
  for (const letter of code) {
    if ('([{'.includes(letter)) depth += 1;
    if (')]}'.includes(letter)) depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}
