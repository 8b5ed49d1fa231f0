import { AssayError } from '../base/errors.js';
import { BIASES, LINEAR_COUNTING_LIMIT, RAW_ESTIMATES } from './hll-tables.js';

/**
 * HyperLogLog++ (Heule, Nunkesser & Hall 2013) with p = 9, as Spark and Deequ compute it from XXH64.
 *
 * Here a sketch is 512 bytes, one a register, each 0..56. Deequ packs the same registers into words:
 *
 *   word w (int64):  | 63..60 unused | 59..54 register 10w+9 | … | 11..6 register 10w+1 | 5..0 register 10w |
 *   52 words, the last one with two registers; in its state files big-endian, padded with zeros to 3328 bytes
 */
export const HLL_REGISTERS = 512;

const PER_WORD = 10;
const BITS = 6;
const WORDS = 52;
const FILE_BYTES = 3328;
const ALPHA = 0.7213 / (1 + 1.079 / HLL_REGISTERS);
const NEIGHBOURS = 6;

/** A register cannot be more: 55 bits of the hash follow the index, with a stop bit after them. */
export const HLL_GREATEST = 56;

/** Puts one hash (64 bits, signed or not) into the registers. */
export function hllInsert(registers: Uint8Array, hash: bigint): void {
  const x = BigInt.asUintN(64, hash);
  const index = Number(x >> 55n);
  const rest = BigInt.asUintN(64, x << 9n) | 256n;
  const rho = 65 - rest.toString(2).length;
  if (registers[index]! < rho) registers[index] = rho;
}

/** The sketch of both inputs' values. */
export function hllMerge(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((register, i) => Math.max(register, b[i]!));
}

/** The estimated number of distinct values. */
export function estimate(registers: Uint8Array): number {
  let z = 0;
  let zeros = 0;
  for (const register of registers) {
    z += 2 ** -register;
    if (register === 0) ++zeros;
  }
  const raw = (ALPHA * HLL_REGISTERS * HLL_REGISTERS) / z;
  const corrected = raw < 5 * HLL_REGISTERS ? raw - bias(raw) : raw;
  if (zeros === 0) return Math.floor(corrected + 0.5);
  const linear = HLL_REGISTERS * Math.log(HLL_REGISTERS / zeros);
  return Math.floor((linear <= LINEAR_COUNTING_LIMIT ? linear : corrected) + 0.5);
}

/** Mean bias of the six nearest raw estimates, found as Spark finds them. */
function bias(estimate: number): number {
  const size = RAW_ESTIMATES.length;
  let nearest = RAW_ESTIMATES.findIndex((raw) => raw >= estimate);
  if (nearest < 0) nearest = size;
  let low = Math.max(nearest - NEIGHBOURS + 1, 0);
  let high = Math.min(low + NEIGHBOURS, size);
  while (high < size && (estimate - RAW_ESTIMATES[high]!) ** 2 < (estimate - RAW_ESTIMATES[low]!) ** 2) {
    ++low;
    ++high;
  }
  let sum = 0;
  for (let i = low; i < high; ++i) sum += BIASES[i]!;
  return sum / (high - low);
}

/** Deequ's 52 words. */
export function hllWords(registers: Uint8Array): BigInt64Array {
  const words = new BigInt64Array(WORDS);
  registers.forEach((register, i) => {
    const w = Math.floor(i / PER_WORD);
    words[w] = words[w]! | (BigInt(register) << BigInt(BITS * (i % PER_WORD)));
  });
  return words;
}

/** The registers in Deequ's 52 words. */
export function hllFromWords(words: BigInt64Array): Uint8Array {
  if (words.length !== WORDS) throw wrong(`has ${WORDS} words, not ${words.length}`);
  return Uint8Array.from({ length: HLL_REGISTERS }, (_, i) => {
    const register = Number((words[Math.floor(i / PER_WORD)]! >> BigInt(BITS * (i % PER_WORD))) & 63n);
    if (register > HLL_GREATEST) throw wrong(`cannot have ${register} in register ${i}, more than ${HLL_GREATEST}`);
    return register;
  });
}

function wrong(what: string): AssayError {
  return new AssayError('STATE', `a HyperLogLog++ sketch ${what}`);
}

/** The bytes of Deequ's state files. */
export function hllToDeequ(registers: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FILE_BYTES);
  const view = new DataView(bytes.buffer);
  hllWords(registers).forEach((word, i) => view.setBigInt64(8 * i, word));
  return bytes;
}

/** The registers in the bytes of a state file of Deequ. */
export function hllFromDeequ(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== FILE_BYTES) throw wrong(`of Deequ has ${FILE_BYTES} bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return hllFromWords(BigInt64Array.from({ length: WORDS }, (_, i) => view.getBigInt64(8 * i)));
}
