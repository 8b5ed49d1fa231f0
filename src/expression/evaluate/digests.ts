import { AssayError } from '../../base/errors.js';
import type { FunctionTable } from './evaluation.js';
import { md5, sha1, sha256, sha512 } from './digest-algorithms.js';
import { rowwise } from './rowwise.js';
import type { Value } from './values.js';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

function sha2(bytes: Uint8Array, bits: number): string | null {
  switch (bits) {
    case 224: return hex(sha256(bytes, true));
    case 0: case 256: return hex(sha256(bytes, false));
    case 384: return hex(sha512(bytes, true));
    case 512: return hex(sha512(bytes, false));
    default: return null;
  }
}

/** CRC-32 of bytes (polynomial 0xEDB88320). */
function crc32(bytes: Uint8Array): bigint {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; ++k) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return BigInt(~crc >>> 0);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** As Java's MIME encoder, which Spark takes: a line has 76 characters. */
function base64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    if (i > 0 && i % 57 === 0) out += '\r\n';
    const n = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out += BASE64[n >> 18]! + BASE64[(n >> 12) & 63]! + (i + 1 < bytes.length ? BASE64[(n >> 6) & 63]! : '=') +
      (i + 2 < bytes.length ? BASE64[n & 63]! : '=');
  }
  return out;
}

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

function upperHex(x: Value): string {
  if (typeof x === 'bigint') return BigInt.asUintN(64, x).toString(16).toUpperCase();
  return hex(typeof x === 'string' ? new TextEncoder().encode(x) : (x as Uint8Array)).toUpperCase();
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

/** Checksums and encodings of bytes. */
export const digests: FunctionTable = {
  md5: rowwise(() => ([b]) => hex(md5(b as Uint8Array))),
  sha1: rowwise(() => ([b]) => hex(sha1(b as Uint8Array))),
  sha2: rowwise(() => ([b, bits]) => sha2(b as Uint8Array, bits as number)),
  crc32: rowwise(() => ([b]) => crc32(b as Uint8Array)),
  base64: rowwise(() => ([b]) => base64(b as Uint8Array)),
  unbase64: rowwise(() => ([s]) => unbase64(s as string)),
  hex: rowwise(() => ([x]) => upperHex(x!)),
  unhex: rowwise(() => ([s]) => unhex(s as string)),
  encode: rowwise(() => ([s, charset]) => encode(s as string, charset as string)),
  decode: rowwise(() => ([b, charset]) => decode(b as Uint8Array, charset as string)),
};
