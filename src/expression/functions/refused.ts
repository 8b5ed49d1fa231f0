const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Functions over many rows. */
export const AGGREGATES = words(`
  count sum avg mean min max stddev stddev_pop stddev_samp std variance var_pop var_samp corr covar_pop covar_samp
  first first_value last last_value any_value any some every bool_and bool_or bit_and bit_or bit_xor count_if
  collect_list collect_set array_agg approx_count_distinct approx_percentile percentile_approx percentile median mode
  max_by min_by skewness kurtosis grouping grouping_id regr_count regr_avgx regr_avgy regr_slope regr_intercept
  regr_r2 regr_sxx regr_sxy regr_syy histogram_numeric try_sum try_avg product count_min_sketch bitmap_construct_agg
  hll_sketch_agg hll_union_agg row_number rank dense_rank percent_rank ntile lag lead nth_value cume_dist
`);

/** Functions whose result is another one on every reading. */
export const UNREPEATABLE = words(`
  rand random randn uuid shuffle monotonically_increasing_id spark_partition_id input_file_name input_file_block_start
  input_file_block_length current_user current_database current_catalog user session_user version
`);

/** Functions that Spark has and Assay does not. */
export const NOT_HERE = words(`
  acosh asinh atanh aes_decrypt aes_encrypt aggregate array_append array_compact array_except array_insert
  array_intersect array_position array_prepend array_remove array_repeat array_size array_sort array_union
  arrays_overlap arrays_zip assert_true bin bit_count bit_get getbit btrim_binary char_index conv convert_timezone cot
  csc date_from_unix day_name dayname elt exists explode explode_outer factorial filter find_in_set flatten forall
  format_number format_string from_csv from_json from_utc_timestamp get_json_object getdate inline inline_outer
  inputfile java_method json_array_length json_object_keys json_tuple luhn_check make_dt_interval make_interval
  make_timestamp make_timestamp_ltz make_timestamp_ntz make_ym_interval map map_concat map_contains_key map_entries
  map_filter map_from_arrays map_from_entries map_zip_with mask named_struct overlay parse_url posexplode
  posexplode_outer printf raise_error reduce reflect regexp_count regexp_extract_all regexp_instr regexp_substr
  schema_of_csv schema_of_json sec sentences sequence slice split_part stack str_to_map struct to_binary to_char
  to_csv to_json to_number to_timestamp_ltz to_timestamp_ntz to_utc_timestamp to_varchar transform transform_keys
  transform_values try_aes_decrypt try_element_at try_to_binary try_to_number try_to_timestamp url_decode url_encode
  width_bucket window window_time xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number
  xpath_short xpath_string zip_with
`);

/** What other languages have as functions and Spark has as operators only. */
export const OPERATOR_ONLY: ReadonlyMap<string, string> =
  new Map([['bitand', '&'], ['bitor', '|'], ['bitxor', '^'], ['bitnot', '~']]);
