/** Parquet's encodings by number. */
export const ENCODINGS = {
  plain: 0, plainDictionary: 2, runs: 3, packed: 4, delta: 5, deltaLengths: 6, deltaBytes: 7, dictionary: 8, split: 9,
} as const;
