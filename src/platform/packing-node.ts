import { brotliDecompressSync, createGunzip, gunzipSync } from 'node:zlib';
import type { Packing } from './files.js';

/** Unpacks gzip, of several members, too. */
export async function* gunzip(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { Readable } = await import('node:stream');
  const packed = Readable.from(chunks, { objectMode: false });
  const unzip = createGunzip({ chunkSize: 1 << 18 });
  packed.on('error', (error) => unzip.destroy(error));
  try {
    for await (const chunk of packed.pipe(unzip)) yield chunk as Uint8Array<ArrayBuffer>;
  } finally {
    packed.destroy();
    unzip.destroy();
  }
}

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

const UNPACK: Readonly<Record<Packing, Unpack>> = { gzip: gunzipSync, brotli: brotliDecompressSync };

/** Whether `unpack` knows a compression. */
export function canUnpack(_packing: Packing): boolean {
  return true;
}

/** Unpacks at most `most` bytes; throws if there are more or the data is corrupt. */
export function unpack(packing: Packing, bytes: Uint8Array, most: number): Uint8Array | Promise<Uint8Array> {
  return UNPACK[packing](bytes, { maxOutputLength: Math.max(1, most) });
}
