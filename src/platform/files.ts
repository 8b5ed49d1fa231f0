/** A file that is open for reading at any place. */
export interface OpenedFile {
  readonly size: number;
  /** Changes when the content does. */
  readonly stamp: string;
  /** The bytes from `at` on; throws an Error with the reason if they cannot all be read. */
  read(at: number, bytes: number): Uint8Array<ArrayBuffer>;
  close(): void;
}
