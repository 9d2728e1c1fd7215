/**
 * What cannot fail, whatever value it is given. An error is an answer: `1 / (length(email) - 17)` fails for the addresses
 * of 17 letters. So a computation over a classified column that is not listed here is an inference of its own.
 * A name stands here for all its overloads (PostgreSQL 18, chapter 9).
 */

/** Whatever their arguments are. */
const ANY_ARGUMENTS = [
  'lower upper initcap casefold length char_length character_length octet_length bit_length md5 reverse ascii',
  'btrim ltrim rtrim concat concat_ws strpos position starts_with replace translate',
  'quote_literal quote_ident quote_nullable to_json to_jsonb row_to_json array_to_json json_build_array jsonb_build_array',
  'json_typeof jsonb_typeof jsonb_pretty json_strip_nulls jsonb_strip_nulls num_nulls num_nonnulls pg_typeof pg_column_size',
  'count min max any_value every bool_and bool_or array_agg string_agg json_agg jsonb_agg mode age grouping',
  'row_number rank dense_rank percent_rank cume_dist first_value last_value cardinality array_length array_to_string',
];

/** While everything but the value itself is written in the text: a length, a pattern, a field, a unit. */
const ONE_VALUE = [
  'left right substr substring split_part lpad rpad repeat overlay encode to_char lag lead nth_value',
  'date_trunc date_part extract format regexp_replace regexp_match regexp_count regexp_like regexp_substr regexp_instr',
  'regexp_matches regexp_split_to_array regexp_split_to_table string_to_array string_to_table array_position array_remove',
  'percentile_disc percentile_cont',
];

/** Of a column as it is stored: a value made for it may be too large to add up. */
const A_COLUMN = ['sum avg stddev stddev_pop stddev_samp variance var_pop var_samp abs round floor ceil ceiling trunc'];

/** While the keys are written in the text: a key that is NULL is refused. */
const TEXT_KEYS = ['json_build_object jsonb_build_object'];

const OPERATORS = ['= <> != < <= > >= || -> ->> #> #>> @> <@ ? ?| ?& && ~~ ~~* !~~ !~~* ~ ~* !~ !~*'];
/** Their right side is a pattern, and a pattern may be wrong. */
const PATTERNS = ['~~ ~~* !~~ !~~* ~ ~* !~ !~*'];

const words = (lines: readonly string[]): ReadonlySet<string> => new Set(lines.flatMap((line) => line.split(' ')));

export const TOTAL = {
  anyArguments: words(ANY_ARGUMENTS),
  oneValue: words(ONE_VALUE),
  aColumn: words(A_COLUMN),
  textKeys: words(TEXT_KEYS),
  operators: words(OPERATORS),
  patterns: words(PATTERNS),
  /** Casts to these: everything has a text. */
  types: words(['text varchar bpchar name']),
} as const;
