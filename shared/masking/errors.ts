/**
 * Classes of SQLSTATE (PostgreSQL appendix A) whose messages speak of the statement: syntax and names (42), features
 * (0A), catalogue (3D, 3F), transactions (25), resources (53, 54), operator intervention (57).
 * All others may quote values (22P02 quotes what it could not cast, 23505 the key) and are withheld. P0001 is anyone's.
 */
const SPEAKS_OF_THE_STATEMENT = new Set(['42', '0A', '3D', '3F', '25', '53', '54', '57']);

/** Codes of our own words, which quote nothing but numbers: how many rows there were, and how many were approved. */
const OWN = new Set(['more_rows_than_approved', 'rows_not_counted', 'not_carried', 'answer_not_read']);

/**
 * Reasons of Kubernetes (apimachinery, `metav1.StatusReason`) whose messages speak of the request. Not InternalError, which is
 * whatever a program said; of what is Invalid the connector tells the fields alone.
 */
const REASONS = new Set([
  ...['BadRequest', 'Forbidden', 'NotFound', 'AlreadyExists', 'Conflict', 'Invalid', 'Gone', 'Expired'],
  ...['MethodNotAllowed', 'NotAcceptable', 'UnsupportedMediaType', 'TooManyRequests', 'RequestEntityTooLarge'],
]);

/** A message is for a person to read; a longer one quotes something, and an outcome must fit into its item. */
const MAX_MESSAGE = 1_000;

/**
 * What a caller may hear of the target's own refusal of `statement`.
 *
 * Even the messages above quote rows when a value is used as a name: `email::regclass` answers 42P01 with the address.
 * So what is quoted is told only where the statement says it itself.
 */
export function maskTargetMessage(sqlState: string, message: string, statement: string): string {
  if (OWN.has(sqlState)) return message;
  if (!speaksOfTheStatement(sqlState)) {
    return `The target refused it with ${sqlState}. Its message is withheld because it may quote values; look the code up in the target's documentation.`;
  }
  const quoted = message.replaceAll(QUOTES, '"');
  const told = quotesOnly(quoted, statement) ? message : withoutQuotes(quoted);
  return told.length > MAX_MESSAGE ? `${told.slice(0, MAX_MESSAGE)}…` : told;
}

/** As servers quote in other languages (`lc_messages`), with the spaces that French puts inside. */
const QUOTES = /[«„“‹][\s\u00a0\u202f]?|[\s\u00a0\u202f]?[»”›]/g;

const speaksOfTheStatement = (code: string): boolean =>
  REASONS.has(code) || (/^[0-9A-Z]{5}$/.test(code) && SPEAKS_OF_THE_STATEMENT.has(code.slice(0, 2)));

function quotesOnly(message: string, statement: string): boolean {
  const said = statement.toLowerCase();
  return [...message.matchAll(/"([^"]*)"/g)].every(([, quoted = '']) => saysWord(said, quoted.toLowerCase()));
}

/** As a word of its own: `12` in `1234` is not said. */
function saysWord(text: string, word: string): boolean {
  if (word === '') return true;
  const inner = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const joins = (inner(word[0]) && inner(text[at - 1])) || (inner(word.at(-1)) && inner(text[at + word.length]));
    if (!joins) return true;
  }
  return false;
}

/** From the first quotation mark to the last: a value may hold some of its own. */
const withoutQuotes = (message: string): string => message.replace(/"[\s\S]*"/, '"…" (withheld: it may be a value)');
