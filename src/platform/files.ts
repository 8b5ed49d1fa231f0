/** A file that is open for reading at any place. */
export interface OpenedFile {
  readonly size: number;
  /** Changes when the content does. */
  readonly stamp: string;
  /** The bytes from `at` on; throws an Error with the reason if they cannot all be read. */
  read(at: number, bytes: number): Uint8Array<ArrayBuffer>;
  /** The same into an array that is there. */
  readInto(at: number, into: Uint8Array): void;
  close(): void;
}

/** Compressions that the platform may be able to undo. */
export type Packing = 'gzip' | 'brotli';
