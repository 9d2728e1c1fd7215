/** A handler in the old style, which nodejs24.x refuses. */
export function handler(_event: unknown, _context: unknown, callback: (error: null, result: string) => void): void {
  callback(null, 'never');
}
