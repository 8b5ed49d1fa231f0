/** An append-only temporary file; removed when it is closed, and when the process exits before that. */
export interface TemporaryFile {
  /** Appends and returns the offset at which the bytes start. */
  write(bytes: Uint8Array): number;
  /** Fills `into` with the bytes from an offset on. */
  read(offset: number, into: Uint8Array): void;
  readonly path: string;
  close(): void;
}
