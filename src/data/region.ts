/**
 * A run of bytes where it lies: in a JS buffer, or at an address of a WebAssembly memory, whose buffer is
 * replaced each time that it grows. So a region is kept and a view of it made just before it is read.
 */
export interface Region {
  readonly home: ArrayBufferLike | WebAssembly.Memory;
  readonly at: number;
  readonly bytes: number;
}

/** The region that a typed array covers. */
export function regionOf(view: ArrayBufferView): Region {
  return { home: view.buffer, at: view.byteOffset, bytes: view.byteLength };
}

/** The region of a WebAssembly memory at an address. */
export function regionIn(memory: WebAssembly.Memory, at: number, bytes: number): Region {
  return { home: memory, at, bytes };
}

/** The buffer that holds a region now. */
export function bufferOf(region: Region): ArrayBufferLike {
  return region.home instanceof WebAssembly.Memory ? region.home.buffer : region.home;
}

/** The bytes of a region, as a view that is valid until its memory next grows. */
export function bytesOf(region: Region): Uint8Array {
  return new Uint8Array(bufferOf(region), region.at, region.bytes);
}
