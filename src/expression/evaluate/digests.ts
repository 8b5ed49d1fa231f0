import { AssayError } from '../../base/errors.js';
import type { FunctionTable } from './evaluation.js';
import { rowwise } from './rowwise.js';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** As Java's MIME decoder: what is no letter of the alphabet is skipped. */
function unbase64(text: string): Uint8Array {
  const out: number[] = [];
  let bits = 0;
  let acc = 0;
  for (const c of text) {
    if (c === '=') break;
    const v = BASE64.indexOf(c);
    if (v < 0) continue;
    acc = ((acc << 6) | v) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push((acc >> bits) & 255);
    }
  }
  return Uint8Array.from(out);
}

function unhex(text: string): Uint8Array | null {
  if (!/^[\da-fA-F]*$/.test(text)) return null;
  const even = text.length % 2 === 0 ? text : `0${text}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16));
}

function utf16(text: string, little: boolean): Uint8Array {
  const out = new Uint8Array(text.length * 2);
  const view = new DataView(out.buffer);
  for (let i = 0; i < text.length; ++i) view.setUint16(2 * i, text.charCodeAt(i), little);
  return out;
}

function encode(text: string, charset: string): Uint8Array {
  switch (charset.toUpperCase()) {
    case 'UTF-8': return new TextEncoder().encode(text);
    case 'US-ASCII': return Uint8Array.from(text, (c) => (c.codePointAt(0)! < 128 ? c.codePointAt(0)! : 63));
    case 'ISO-8859-1': return Uint8Array.from(Array.from(text), (c) => (c.codePointAt(0)! < 256 ? c.codePointAt(0)! : 63));
    case 'UTF-16BE': return utf16(text, false);
    case 'UTF-16LE': return utf16(text, true);
    case 'UTF-16': return utf16(`\ufeff${text}`, false);
    default: throw new AssayError('EVALUATION', `unknown character set '${charset}'`);
  }
}

function decode(bytes: Uint8Array, charset: string): string {
  switch (charset.toUpperCase()) {
    case 'UTF-8': return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    case 'US-ASCII': return Array.from(bytes, (b) => (b < 128 ? String.fromCharCode(b) : '\ufffd')).join('');
    case 'ISO-8859-1': return Array.from(bytes, (b) => String.fromCharCode(b)).join('');
    case 'UTF-16BE': return new TextDecoder('utf-16be', { ignoreBOM: true }).decode(bytes);
    case 'UTF-16LE': return new TextDecoder('utf-16le', { ignoreBOM: true }).decode(bytes);
    case 'UTF-16': {
      const little = bytes[0] === 0xff && bytes[1] === 0xfe;
      return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes);
    }
    default: throw new AssayError('EVALUATION', `unknown character set '${charset}'`);
  }
}

/** Encodings of bytes, row by row. */
export const digests: FunctionTable = {
  unbase64: rowwise(() => ([s]) => unbase64(s as string)),
  unhex: rowwise(() => ([s]) => unhex(s as string)),
  encode: rowwise(() => ([s, charset]) => encode(s as string, charset as string)),
  decode: rowwise(() => ([b, charset]) => decode(b as Uint8Array, charset as string)),
};
