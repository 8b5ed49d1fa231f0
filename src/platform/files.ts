/** A file that is open for reading at any place. */
export interface OpenedFile {
  readonly size: number;
  /** Changes when the content does. */
  readonly stamp: string;
  /** The bytes from `at` on; throws an Error with the reason if they cannot all be read. */
  read(at: number, bytes: number): Uint8Array<ArrayBuffer>;
  /** The same into an array that is there. */
  readInto(at: number, into: Uint8Array): void;
  /**
   * Has the system read bytes that will be wanted soon, while others are worked. Does nothing where reading was fast, since the
   * bytes are there, or where enough is under way.
   */
  readAhead(at: number, bytes: number): void;
  /** Whether anything is done about that now. */
  readsAhead(): boolean;
  /** Lets what was read ahead be noticed, if there is enough of it. */
  settle(): Promise<void> | undefined;
  close(): void;
}

/** Compressions that the platform may be able to undo. */
export type Packing = 'gzip' | 'brotli';
