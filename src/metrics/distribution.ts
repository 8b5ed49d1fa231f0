/** Counts per value of a Histogram or DataType metric, in the order in which they are reported. */
export interface Distribution {
  readonly values: ReadonlyMap<string, DistributionValue>;
  readonly numberOfBins: number;
  /** Rows in the bins that are not among `values`. */
  readonly tailCount: number;
}

export interface DistributionValue {
  readonly absolute: number;
  readonly ratio: number;
}

/** Counts per numeric interval of a HistogramBinned metric. */
export interface DistributionBinned {
  readonly bins: readonly BinData[];
  readonly numberOfBins: number;
  readonly nullCount: number;
}

export interface BinData {
  readonly binStart: number;
  readonly binEnd: number;
  readonly frequency: number;
  readonly ratio: number;
}

/** Equal-width buckets of a KLL sketch, with the sketch's items per level. */
export interface BucketDistribution {
  readonly buckets: readonly BucketValue[];
  /** [shrinkingFactor, sketchSize] */
  readonly parameters: readonly [number, number];
  readonly data: readonly (readonly number[])[];
}

export interface BucketValue {
  readonly lowValue: number;
  readonly highValue: number;
  readonly count: number;
}
