/** A stored file. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
  /** Differs after every write. */
  readonly version: string;
}

/** A write that happens only if it holds; none: always. */
export interface WriteCondition {
  /** There is no file of that name yet. */
  readonly ifAbsent?: boolean | undefined;
  /** The file is the one of this version. */
  readonly ifVersion?: string | undefined;
}
