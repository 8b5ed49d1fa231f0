/** Bytes of their own: what `slice` of a Buffer answers shares those of the Buffer. */
export function copied(bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(from, to));
}
