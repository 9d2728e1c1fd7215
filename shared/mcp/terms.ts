/**
 * What the API's refusals tell its caller to do, as a caller of tools does it. A test over every refusal holds that no
 * path of the API is left in what a model reads.
 */
const TERMS: readonly (readonly [of: string, tools: string])[] = [
  ['GET /v1/connections lists', 'list_connections lists'],
  [' GET the session before you send it again.', ' Look at it with get_session before you call again.'],
  ['; see /v1/openapi.json.', '; see the schema of the tool.'],
  [' See /v1/openapi.json.', ''],
];

export const inTermsOfTools = (detail: string): string =>
  TERMS.reduce((text, [of, tools]) => text.replaceAll(of, tools), detail);
