/** What they answer is made of their arguments alone. */
const SUPPORT: readonly RegExp[] = [
  /^.*(_in|_out|_recv|_send|_handler|_validator|typmodin|typmodout|sel|joinsel)$/,
  /^(fmgr_.*|.*_transfn|.*_finalfn|.*_accum|.*_accum_inv|.*_combine|.*_typanalyze|shell_.*)$/,
];

/**
 * Where the catalogue's word on a built-in function is not enough. PostgreSQL calls a function STABLE when it changes
 * nothing *by itself within one statement*; these are stable or immutable and still not to be vouched for.
 * Patterns are anchored; the reason is told to whoever asks why a call needs a policy.
 */
export const NOT_VOUCHED: readonly (readonly [RegExp, string])[] = [
  [
    /^(table|schema|database|query|cursor)_to_xml.*/,
    'reads whole tables, named or queried in a text that no parser here sees',
  ],
  [/^(txid_current|pg_current_xact_id)$/, 'assigns a transaction id, which is a write'],
  [/^pg_input_(is_valid|error_info)$/, 'runs the input function and checks of a type named in a text'],
  [/^pg_(show_all_settings|config|options_to_table)$/, 'lists the settings or the build of the server'],
  [
    /^pg_stat_get_(activity|backend_activity|wal_receiver|wal_senders|progress_info)$/,
    'shows the statements or connections of others',
  ],
  [
    /^pg_(cursor|prepared_statement|listening_channels|event_trigger_.*|get_replication_slots|get_publication_tables)$/,
    'shows the state of sessions or replication',
  ],
  [
    /^pg_(filenode_relation|relation_filenode|relation_filepath|tablespace_location|tablespace_databases|split_walfile_name)$/,
    'tells about files of the server',
  ],
  [/^pg_(available_extension.*|extension_update_paths)$/, 'reads files of the server'],
  [/^(pg_mcv_list_items|pg_get_acl|aclexplode|makeaclitem|acldefault)$/, 'shows stored samples or privileges'],
  [/^inet_(client|server)_(addr|port)$/, 'tells about the network of the server'],
  ...SUPPORT.map((pattern) => [pattern, 'support function of the server, not for statements'] as const),
];

/** Does the name only look like that of a support function? A user's function of that name is what it is. */
export const looksLikeSupport = (name: string): boolean => SUPPORT.some((pattern) => pattern.test(name));

/** Volatile in the catalogue because each call answers differently, yet none of them changes or waits for anything. */
export const VOLATILE_BUT_HARMLESS: Readonly<Record<string, string>> = {
  random: 'a number; the generator belongs to the session',
  random_normal: 'a number; the generator belongs to the session',
  gen_random_uuid: 'a fresh identifier, kept nowhere',
  uuidv4: 'a fresh identifier, kept nowhere',
  uuidv7: 'a fresh identifier, kept nowhere',
  array_sample: 'picks from its argument',
  array_shuffle: 'orders its argument',
  clock_timestamp: 'the wall clock',
  timeofday: 'the wall clock',
  pg_is_in_recovery: 'a fact about the server',
  pg_relation_size: 'a size on disk',
  pg_table_size: 'a size on disk',
  pg_indexes_size: 'a size on disk',
  pg_total_relation_size: 'a size on disk',
  pg_database_size: 'a size on disk',
  pg_partition_tree: 'names of partitions',
  pg_partition_ancestors: 'names of partitions',
};

/** Built-ins whose output can be out of all proportion to their text: `repeat(repeat('x', 100000), 100000)` is 10 GB. */
export const BOMBS: ReadonlySet<string> = new Set([
  'repeat',
  'lpad',
  'rpad',
  'generate_series',
  'array_fill',
  'factorial',
  'power',
  'pow',
]);
