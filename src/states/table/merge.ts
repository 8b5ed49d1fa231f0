import { AssayError } from '../../base/errors.js';
import { joined } from '../../base/joined.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { TablePart } from '../contract.js';
import { openDedup, type Dedup } from './dedup.js';
import { selectPass } from './pass.js';
import { HEADER, broken, headerOf, loadPart, placeOf, writeHeader, type NullGroup, type PartHeader } from './part.js';
import { UNIT } from './record.js';

/** Bytes of records of one partition that are merged in one pass. */
export const PASS_BYTES = 1 << 27;
const WINDOW = 1 << 18;

/** What all parts of a table must agree on. */
export type PartKind = Pick<PartHeader, 'shape' | 'keepsKeys' | 'measured'>;

/**
 * Merges parts of one partition into one part in which no key occurs twice.
 *
 * Above `passBytes` of records it reads the parts several times, each time for the keys with other bits of the hash.
 * So it needs about
 * 2.5 × passBytes besides the result, which is held in memory (twice for a moment, after several passes): the
 * distinct keys of one
 * partition, a 64th of all.
 */
export function mergeParts(
  parts: readonly TablePart[], expected: PartKind, kernels: Kernels, passBytes = PASS_BYTES,
): TablePart {
  const { headers, bytes, nulls, seed } = agree(parts, expected);
  const only = parts[0];
  if (only && parts.length === 1 && headers[0]!.aggregated && 'bytes' in only) return only;
  let passes = 1;
  while (bytes / passes > passBytes) passes *= 2;
  const pieces: ArrayBuffer[] = [];
  for (let pass = 0; pass < passes; pass++) {
    pieces.push(
      passes === 1 ? mergeWhole(parts, headers, bytes, kernels) : mergePass(parts, headers, kernels, passes, pass),
    );
  }
  const result = pieces.length === 1 ? pieces[0]! : withoutHeaders(pieces);
  writeHeader(result, { ...expected, aggregated: true, seed, nulls, recordBytes: result.byteLength - HEADER });
  return { bytes: result };
}

/** Headers of parts of one table and what they have together; refuses parts of another table or other fingerprints. */
export function agree(
  parts: readonly TablePart[], expected: PartKind, seed = 0,
): { headers: PartHeader[]; bytes: number; nulls: NullGroup; seed: number } {
  const headers = parts.map(headerOf);
  let bytes = 0;
  let nulls: NullGroup = { rows: 0, sum: 0n, known: 0 };
  for (const [i, h] of headers.entries()) {
    refuseOther(h, expected, seed, placeOf(parts[i]!));
    seed ||= h.seed;
    bytes += h.recordBytes;
    nulls = {
      rows: nulls.rows + h.nulls.rows,
      sum: BigInt.asIntN(64, nulls.sum + h.nulls.sum),
      known: nulls.known + h.nulls.known,
    };
  }
  return { headers, bytes, nulls, seed };
}

function refuseOther(h: PartHeader, expected: PartKind, seed: number, where: string): void {
  const what =
    h.shape !== expected.shape || h.measured !== expected.measured ? 'groups by other types'
    : h.keepsKeys && !expected.keepsKeys ? 'keeps keys where only counts are kept'
    : !h.keepsKeys && expected.keepsKeys ? 'keeps counts where keys are needed'
    : h.seed !== 0 && seed !== 0 && h.seed !== seed ? 'has fingerprints of another run'
    : null;
  if (what) throw new AssayError('STATE', `${where} ${what}: it cannot be merged with this table`);
}

/** All records in one block of memory. */
function mergeWhole(
  parts: readonly TablePart[], headers: readonly PartHeader[], bytes: number, kernels: Kernels,
): ArrayBuffer {
  const { heap, memory } = kernels;
  const records = heap.alloc(bytes);
  let dedup: Dedup | undefined;
  try {
    dedup = openDedup(kernels, bytes);
    let at = records;
    for (const [i, part] of parts.entries()) {
      const size = headers[i]!.recordBytes;
      loadPart(part, HEADER, new Uint8Array(memory.buffer, at, size));
      const end = dedup.add(at, at + size);
      if (end !== (at + size) >>> 0) throw broken(placeOf(part), HEADER + ((end - at) >>> 0), 'not a record');
      at += size;
    }
    const only = parts[0];
    if (only && parts.length === 1 && 'bytes' in only && !dedup.repeated) return only.bytes;
    return emitted(dedup, [{ at: records, end: records + bytes }], kernels);
  } finally {
    dedup?.close();
    heap.free(records, bytes);
  }
}

/** The keys of one pass. */
function mergePass(
  parts: readonly TablePart[], headers: readonly PartHeader[], kernels: Kernels, passes: number, pass: number,
): ArrayBuffer {
  const chosen = selectPass(parts, headers, kernels, passes, pass);
  let dedup: Dedup | undefined;
  try {
    dedup = openDedup(kernels, chosen.bytes);
    for (const { at, end } of chosen.runs) {
      if (dedup.add(at, end) === end >>> 0) continue;
      throw broken(placeOf(parts[0]!), HEADER, 'a record counts no rows, or too many');
    }
    return emitted(dedup, chosen.runs, kernels);
  } finally {
    dedup?.close();
    chosen.close();
  }
}

/** The distinct keys as bytes behind room for a header. */
function emitted(dedup: Dedup, runs: readonly { at: number; end: number }[], { heap, memory }: Kernels): ArrayBuffer {
  const bytes = new ArrayBuffer(HEADER + dedup.size);
  let to = HEADER;
  const copy = (at: number, length: number) => {
    new Uint8Array(bytes, to, length).set(new Uint8Array(memory.buffer, at, length));
    to += length;
  };
  if (!dedup.repeated) {
    for (const { at, end } of runs) copy(at, end - at);
    return bytes;
  }
  let room = Math.max(UNIT, Math.min(WINDOW, dedup.size));
  let window = heap.alloc(room);
  try {
    for (const { at, end } of runs) {
      for (let from = at; from !== end >>> 0; ) {
        const written = dedup.emit(from, end, window, window + room);
        copy(window, (written.end - window) >>> 0);
        from = written.next;
        if (written.needed > room) { // one record is longer than the window
          heap.free(window, room);
          room = 0;
          window = heap.alloc(written.needed);
          room = written.needed;
        }
      }
    }
  } finally {
    if (room > 0) heap.free(window, room);
  }
  return bytes;
}

/** The records of pieces behind room for one header. */
function withoutHeaders(pieces: readonly ArrayBuffer[]): ArrayBuffer {
  return joined(Uint8Array, [new Uint8Array(HEADER), ...pieces.map((piece) => new Uint8Array(piece, HEADER))]).buffer;
}
