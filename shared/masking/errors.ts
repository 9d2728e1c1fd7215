/**
 * Classes of SQLSTATE (PostgreSQL appendix A) whose messages speak of the statement, never of rows: syntax and names
 * (42), features (0A), catalogue (3D, 3F), transactions (25), resources (53, 54), operator intervention (57).
 * All others may quote values (22P02 quotes what it could not cast, 23505 the key) and are withheld. P0001 is anyone's.
 */
const SPEAKS_OF_THE_STATEMENT = new Set(['42', '0A', '3D', '3F', '25', '53', '54', '57']);

/** What a caller may hear of the target's own refusal. */
export function maskTargetMessage(sqlState: string, message: string): string {
  if (/^[0-9A-Z]{5}$/.test(sqlState) && SPEAKS_OF_THE_STATEMENT.has(sqlState.slice(0, 2))) return message;
  return `The target refused it with ${sqlState}. Its message is withheld because it may quote values; look the code up in the target's documentation.`;
}
