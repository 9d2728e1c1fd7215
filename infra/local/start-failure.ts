/** Why the embedded stack does not start, worded for the person at the terminal: what is wrong, and the remedy. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}
