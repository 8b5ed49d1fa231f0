import { BASE64 } from './module.js';

interface NodeBuffer {
  from(text: string, encoding: 'base64'): Uint8Array<ArrayBuffer>;
}

/** The bytes of the kernels' module. The joined files for Node read them from a file instead (`scripts/join.mjs`). */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: NodeBuffer };
  return Buffer ? Buffer.from(BASE64, 'base64') : Uint8Array.from(atob(BASE64), (c) => c.charCodeAt(0));
}
