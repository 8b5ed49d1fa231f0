/** A file that is being written under a temporary name beside its own. */
export interface OutputFile {
  /** The name that it will have. */
  readonly path: string;
  write(bytes: Uint8Array): Promise<void>;
  /** Brings everything to the disk and closes the file. */
  finish(): Promise<void>;
  /** Closes and removes it; the same again does nothing. */
  discard(): Promise<void>;
}
