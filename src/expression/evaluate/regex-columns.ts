import { AssayError } from '../../base/errors.js';
import { STRING, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { BoundCall } from '../bound.js';
import { compileRegex, type Regex } from '../regex/regex.js';
import { replacementOf, type Replacement } from './replacement.js';
import type { Evaluation } from './evaluation.js';
import { literalArgument } from './rowwise.js';
import { isBrief } from './brief.js';
import { Bytes, tooLarge } from './bytes.js';
import { parts } from './text-edits.js';
import { nulls, texts } from './vectors.js';

/** Rows of texts in the memory of kernels. Valid until the memory grows. */
interface Rows {
  readonly memory: Uint8Array;
  readonly offsets: Int32Array;
  /** What offset 0 refers to. */
  readonly base: Pointer;
  /** Which rows a match is sought in: the known ones, without those in which an automaton finds none. */
  readonly sought: Uint8Array;
}

function everyKnown(v: Vector, at: Evaluation): Pointer {
  if (v.validity !== 0) return v.validity;
  const out = at.kernels.scratch.zeroed(((at.rows + 127) >>> 7) << 4);
  at.kernels.fn.bitsFill(out, at.rows);
  return out;
}

/** Where matches are to be sought: the automaton of the pattern sorts out rows without one. */
function candidates(regex: Regex, v: Vector, at: Evaluation): Pointer {
  if (!regex.isRegular) return everyKnown(v, at);
  const out = at.kernels.scratch.zeroed(((at.rows + 127) >>> 7) << 4);
  regex.matchUtf8(at.kernels, 'find', v.values, v.bytes, v.validity, at.rows, out);
  return out;
}

function rowsOf(v: Vector, sought: Pointer, at: Evaluation): Rows {
  const { buffer } = at.kernels.memory;
  return {
    memory: new Uint8Array(buffer), offsets: new Int32Array(buffer, v.values, at.rows + 1), base: v.bytes,
    sought: new Uint8Array(buffer, sought, (at.rows + 7) >> 3),
  };
}

const isSet = (bits: Uint8Array, i: number): boolean => ((bits[i >> 3]! >> (i & 7)) & 1) !== 0;

/** Where the next match is sought after one: behind it, a character on if it was empty. */
function after(memory: Uint8Array, match: Int32Array, end: number): number {
  let at = match[1]!;
  if (match[1]! > match[0]!) return at;
  do ++at; while (at < end && (memory[at]! & 0xc0) === 0x80);
  return at;
}

/** REGEXP_EXTRACT with a literal pattern; a group that it does not have is refused as soon as there is a row. */
export function extractColumn(call: BoundCall, at: Evaluation): Vector {
  const regex = compileRegex(literalArgument(call, 1) as string);
  const index = literalArgument(call, 2) as number;
  const v = at.flat(call.args[0]!);
  if (index < 0 || index > regex.groups) {
    const known = v.validity === 0 ? at.rows : at.kernels.fn.bitsCount(v.validity, at.rows);
    if (known === 0) return nulls(at.kernels, call.type, at.rows);
    throw new AssayError('EVALUATION', `the pattern '${regex.source}' has ${regex.groups} groups, there is no group ${index}`);
  }
  const sought = isBrief(call, 3, at) ? everyKnown(v, at) : candidates(regex, v, at);
  return parts(at, v.bytes, v.validity, (startsAt, endsAt) => {
    const { memory, offsets, base, sought: bits } = rowsOf(v, sought, at);
    const starts = new Int32Array(at.kernels.memory.buffer, startsAt, at.rows);
    const ends = new Int32Array(at.kernels.memory.buffer, endsAt, at.rows);
    let size = 0;
    for (let i = 0; i < at.rows; ++i) {
      starts[i] = ends[i] = offsets[i]!;
      if (!isSet(bits, i)) continue;
      const start = base + offsets[i]!;
      const match = regex.search(memory, start, base + offsets[i + 1]!, start, start);
      if (match === null || match[2 * index]! < 0) continue;
      starts[i] = match[2 * index]! - base;
      ends[i] = match[2 * index + 1]! - base;
      size += ends[i]! - starts[i]!;
    }
    return size;
  });
}

/** How many bytes so many chars of Java (halves of characters beyond U+FFFF are two) take at the start of a text. */
function skipped(memory: Uint8Array, start: number, end: number, chars: number): number {
  let at = start;
  for (let left = chars; left > 0 && at < end; --left) {
    if (memory[at]! >= 0xf0) --left;
    do ++at; while (at < end && (memory[at]! & 0xc0) === 0x80);
  }
  return at - start;
}

/** REGEXP_REPLACE with a literal pattern and replacement: of what stands from a char on, as if nothing stood before it. */
export function replaceColumn(call: BoundCall, at: Evaluation): Vector {
  const [source, by, from] = [1, 2, 3].map((k) => literalArgument(call, k)) as [string, string, number];
  const regex = compileRegex(source);
  const { scratch } = at.kernels;
  const v = at.flat(call.args[0]!);
  const sought = from > 1 || isBrief(call, 4, at) ? everyKnown(v, at) : candidates(regex, v, at);
  const offsetsAt = scratch.alloc((at.rows + 1) * 4);
  const { memory, offsets, base, sought: bits } = rowsOf(v, sought, at);
  const ends = new Int32Array(at.kernels.memory.buffer, offsetsAt, at.rows + 1);
  const out = new Bytes();
  let replacement: Replacement | null = null; // read when there is a match: only then may it be refused
  ends[0] = 0;
  for (let i = 0; i < at.rows; ++i) {
    let place = base + offsets[i]!;
    const end = base + offsets[i + 1]!;
    const start = from > 1 ? place + skipped(memory, place, end, from - 1) : place;
    if (isSet(bits, i) && (from <= 1 || start < end)) {
      let next = start;
      let last = start;
      for (let match; next <= end && (match = regex.search(memory, start, end, next, last)); ) {
        out.add(memory, place, match[0]!);
        replacement ??= replacementOf(by, regex);
        for (const part of replacement) {
          if (typeof part !== 'number') out.add(part, 0, part.length);
          else if (match[2 * part]! >= 0) out.add(memory, match[2 * part]!, match[2 * part + 1]!);
        }
        place = last = match[1]!;
        next = after(memory, match, end);
      }
    }
    out.add(memory, place, end);
    if (out.length > 0x7fffffff) throw tooLarge(at.rows);
    ends[i + 1] = out.length;
  }
  return out.vector(STRING, offsetsAt, v.validity, at.rows, at);
}

/** SPLIT with a literal pattern; the empty one gives the characters, of which a limit leaves the first. */
export function splitColumn(call: BoundCall, at: Evaluation): Vector {
  const [source, most] = [1, 2].map((k) => literalArgument(call, k)) as [string, number];
  const regex = compileRegex(source);
  const { fn, scratch } = at.kernels;
  const v = at.flat(call.args[0]!);
  const sought = isBrief(call, 3, at) ? everyKnown(v, at) : candidates(regex, v, at);
  const lists = scratch.alloc((at.rows + 1) * 4);
  const { memory, offsets, base, sought: bits } = rowsOf(v, sought, at);
  const ends = new Int32Array(at.kernels.memory.buffer, lists, at.rows + 1);
  let marks = new Int32Array(2 * at.rows + 64); // starts and ends of parts
  let count = 0;
  const part = (start: number, end: number): void => {
    if (2 * count === marks.length) {
      const larger = new Int32Array(2 * marks.length);
      larger.set(marks);
      marks = larger;
    }
    marks[2 * count] = start;
    marks[2 * count++ + 1] = end;
  };
  ends[0] = 0;
  for (let i = 0; i < at.rows; ++i) {
    const first = count;
    const start = base + offsets[i]!;
    const end = base + offsets[i + 1]!;
    let place = start;
    if (source === '' && start < end) {
      while (place < end && (most <= 0 || count - first < most)) {
        const from = place;
        do ++place; while (place < end && (memory[place]! & 0xc0) === 0x80);
        part(from - base, place - base);
      }
      ends[i + 1] = count;
      continue;
    }
    if (isSet(bits, i)) {
      let next = start;
      let last = start;
      for (let match; next <= end && (match = regex.search(memory, start, end, next, last)); ) {
        if (most > 0 && count - first === most - 1) break;
        last = match[1]!;
        next = after(memory, match, end);
        if (match[1]! === start) continue; // an empty match at the start makes no part
        part(place - base, match[0]! - base);
        place = match[1]!;
      }
    }
    part(place - base, end - base);
    ends[i + 1] = count;
  }
  const [starts, stops] = [scratch.alloc(4 * count), scratch.alloc(4 * count)];
  const [from, to] = [starts, stops].map((p) => new Int32Array(at.kernels.memory.buffer, p, count)) as [Int32Array, Int32Array];
  let size = 0;
  for (let k = 0; k < count; ++k) {
    from[k] = marks[2 * k]!;
    to[k] = marks[2 * k + 1]!;
    size += to[k]! - from[k]!;
  }
  const partOffsets = scratch.alloc((count + 1) * 4);
  const bytes = scratch.alloc(size);
  fn.textCopy(v.bytes, starts, stops, count, partOffsets, bytes);
  const child = texts((call.type as DataType & { kind: 'array' }).element, count, partOffsets, bytes, 0);
  return {
    type: call.type, layout: 'list', rows: at.rows, validity: v.validity, values: lists, bytes: 0, children: [child],
    indices: 0, dictionary: null,
  };
}
