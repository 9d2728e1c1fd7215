/** What the person at the terminal can put right: printed without a stack trace; exit code 2 as for wrong options. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
