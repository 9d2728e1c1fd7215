/**
 * What cannot fail, whatever value it is given. An error is an answer: `1 / (length(email) - 17)` fails for the addresses
 * of 17 letters. So a computation over a classified column that is not listed here is an inference of its own.
 * A name stands here for all its overloads (PostgreSQL 18, chapter 9).
 */

/** Whatever their arguments are. */
const ANY_ARGUMENTS = [
  'lower upper initcap casefold char_length character_length octet_length bit_length md5 reverse ascii',
  'btrim ltrim rtrim concat concat_ws strpos position starts_with replace translate string_to_array string_to_table',
  'quote_literal quote_ident quote_nullable to_json to_jsonb row_to_json array_to_json json_build_array jsonb_build_array',
  'json_typeof jsonb_typeof jsonb_pretty json_strip_nulls jsonb_strip_nulls num_nulls num_nonnulls pg_typeof pg_column_size',
  'count any_value every bool_and bool_or string_agg json_agg jsonb_agg grouping',
  'row_number rank dense_rank percent_rank cume_dist first_value last_value cardinality array_length array_to_string',
];

/** Of rows without a type of their own they may compare what cannot be compared. */
const ORDERED = ['min max mode'];

/**
 * While everything but the value itself is written in the text: a length, a pattern, a field, a unit. The value stands
 * first; as a pattern, a unit or a place to begin at it may be wrong.
 */
const VALUE_FIRST = [
  'length left right substr substring split_part lpad rpad overlay encode to_char lag lead nth_value',
  'regexp_replace regexp_match regexp_count regexp_like regexp_substr regexp_instr',
  'regexp_matches regexp_split_to_array regexp_split_to_table',
  'round floor ceil ceiling trunc',
];
const VALUE_SECOND = ['date_trunc date_part extract'];

/** While every argument is written in the text (`WITHIN GROUP` is none). */
const WRITTEN = ['percentile_disc percentile_cont'];

/** Of a column as it is stored: a value made for it may be too large to add up, or infinite. */
const A_COLUMN = ['sum avg stddev stddev_pop stddev_samp variance var_pop var_samp abs age'];

/** While the keys are written in the text: a key that is NULL is refused. */
const TEXT_KEYS = ['json_build_object jsonb_build_object'];

const OPERATORS = ['= <> != < <= > >= || -> ->> #> #>> @> <@ ? ?| ?& && ~~ ~~* !~~ !~~* ~ ~* !~ !~*'];
/** Their right side is a pattern, and a pattern may be wrong. */
const PATTERNS = ['~~ ~~* !~~ !~~* ~ ~* !~ !~*'];

/** Functions with a text, or a number of letters, for an answer: never an array. */
const TEXTS = [
  'lower upper initcap casefold left right reverse length char_length md5 substr substring btrim ltrim rtrim concat',
  'concat_ws replace translate split_part lpad rpad overlay to_char format quote_literal quote_ident regexp_replace',
  'regexp_substr array_to_string string_agg encode ascii chr',
];

/** Functions whose answer is JSON of their own making. */
const JSONS = [
  'to_json to_jsonb row_to_json array_to_json json_build_array jsonb_build_array json_build_object jsonb_build_object',
  'json_agg jsonb_agg json_strip_nulls jsonb_strip_nulls',
];

const words = (lines: readonly string[]): ReadonlySet<string> => new Set(lines.flatMap((line) => line.split(' ')));

export const TOTAL = {
  anyArguments: words(ANY_ARGUMENTS),
  ordered: words(ORDERED),
  valueFirst: words(VALUE_FIRST),
  valueSecond: words(VALUE_SECOND),
  written: words(WRITTEN),
  aColumn: words(A_COLUMN),
  textKeys: words(TEXT_KEYS),
  operators: words(OPERATORS),
  patterns: words(PATTERNS),
  texts: words(TEXTS),
  jsons: words(JSONS),
  /** Casts to these: everything has a text. */
  types: words(['text varchar bpchar name']),
  /** Casts to these of columns of those types: whatever is stored fits. */
  widened: new Map([
    ...['int8', 'numeric', 'float4', 'float8'].map((type) => [type, words(['int2 int4 int8'])] as const),
    ...['date', 'timestamp', 'timestamptz'].map((type) => [type, words(['date timestamp timestamptz'])] as const),
  ]),
} as const;
