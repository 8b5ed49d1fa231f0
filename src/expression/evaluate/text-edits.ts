import { INT, LONG, STRING } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound, BoundCall } from '../bound.js';
import { tooLarge } from './bytes.js';
import { caseTable } from './case-tables.js';
import { strict, lenient, type Evaluation, type FunctionSpec, type FunctionTable } from './evaluation.js';
import { perValue } from './grouped.js';
import { reversed } from './nested.js';
import { joinMixed } from './nested-texts.js';
import { literalArgument } from './rowwise.js';
import { strings } from './strings.js';
import { translation } from './translation.js';
import { variedPattern } from './varied-patterns.js';
import { bitmap, bitmapBytes, bothKnown, nulls, plain, texts } from './vectors.js';

/** An argument of a kernel: a column, or one value for all rows. */
export interface Operand {
  readonly values: Pointer;
  readonly bytes: Pointer;
  /** Bytes from one row to the next in `values`: 4, or 0. */
  readonly step: number;
  readonly validity: Pointer;
}

/** An argument of four bytes a row, or a text. */
export function operand(e: Bound, at: Evaluation): Operand {
  if (e.kind !== 'literal') {
    const { values, bytes, validity } = at.flat(e);
    return { values, bytes, step: 4, validity };
  }
  const { values, bytes } = at.one(e);
  return { values, bytes, step: 0, validity: 0 };
}

/** The rows on which all are known; 0: every one. */
export function allKnown(at: Evaluation, operands: readonly { readonly validity: Pointer }[]): Pointer {
  return operands.reduce((known, { validity }) => bothKnown(at.kernels, at.rows, known, validity), 0);
}

/** A kernel that says, with `out` 0, how many bytes it will write, and where texts end, and then writes them. */
export function written(at: Evaluation, validity: Pointer, run: (offsets: Pointer, out: Pointer) => number): Vector {
  const { scratch } = at.kernels;
  const offsets = scratch.zeroed((at.rows + 1) * 4);
  const size = run(offsets, 0);
  if (size > 0x7fffffff) throw tooLarge(at.rows);
  const bytes = scratch.alloc(size);
  run(offsets, bytes);
  return texts(STRING, at.rows, offsets, bytes, validity);
}

/** The parts of texts that a kernel marks by starts and ends. */
export function parts(at: Evaluation, bytes: Pointer, validity: Pointer, mark: (starts: Pointer, ends: Pointer) => number): Vector {
  const { fn, scratch } = at.kernels;
  const starts = scratch.alloc(at.rows * 4);
  const ends = scratch.alloc(at.rows * 4);
  const size = mark(starts, ends);
  const offsets = scratch.alloc((at.rows + 1) * 4);
  const out = scratch.alloc(size);
  fn.textCopy(bytes, starts, ends, at.rows, offsets, out);
  return texts(STRING, at.rows, offsets, out, validity);
}

type Columnwise = (call: BoundCall, at: Evaluation) => Vector | null;

/** A function of texts and ints by a kernel: null where an argument is; where the kernel has no answer, row by row. */
function edit(run: Columnwise, slow?: FunctionSpec): FunctionSpec {
  return strict((call, at) => {
    if (call.args.some((a) => a.kind === 'literal' && a.value === null)) return nulls(at.kernels, call.type, at.rows);
    return run(call, at) ?? slow!.evaluate(call, at);
  });
}

function operands(call: BoundCall, at: Evaluation): { of: Operand[]; known: Pointer } {
  // the first is always a column for kernels
  const of = call.args.map((a, i) => (i === 0 ? column(a, at) : operand(a, at)));
  return { of, known: allKnown(at, of) };
}

function column(e: Bound, at: Evaluation): Operand {
  const { values, bytes, validity } = at.flat(e);
  return { values, bytes, step: 4, validity };
}

function replace(call: BoundCall, at: Evaluation): Vector {
  const { of: [a, b, c], known } = operands(call, at);
  return written(at, known, (offsets, out) => at.kernels.fn.textReplace(
    a!.values, a!.bytes, b!.values, b!.bytes, b!.step, c!.values, c!.bytes, c!.step, known, at.rows, offsets, out,
  ));
}

function pad(left: 0 | 1): Columnwise {
  return (call, at) => {
    const { of: [a, count, fill], known } = operands(call, at);
    return written(at, known, (offsets, out) => at.kernels.fn.textPad(
      a!.values, a!.bytes, count!.values, count!.step, fill!.values, fill!.bytes, fill!.step, left, known, at.rows, offsets, out,
    ));
  };
}

function repeat(call: BoundCall, at: Evaluation): Vector {
  const [a, count] = call.args.map((e) => operand(e, at)) as [Operand, Operand];
  return repeated(at, a, count);
}

function repeated(at: Evaluation, a: Operand, count: Operand): Vector {
  const known = allKnown(at, [a, count]);
  return written(at, known, (offsets, out) => at.kernels.fn.textRepeat(
    a.values, a.bytes, a.step, count.values, count.step, known, at.rows, offsets, out,
  ));
}

function space(call: BoundCall, at: Evaluation): Vector {
  return repeated(at, operand({ kind: 'literal', type: STRING, value: ' ' }, at), operand(call.args[0]!, at));
}

/** SUBSTRING, LEFT and RIGHT: places and counts of characters; `back`: the place is as far from the end as the count says. */
function slice(of: (call: BoundCall) => { place: Bound; count: Bound; back: 0 | 1 }): Columnwise {
  return (call, at) => {
    const { place, count, back } = of(call);
    const [a, from, length] = [column(call.args[0]!, at), operand(place, at), operand(count, at)];
    if (call.type.kind !== 'string') return slicedBytes(call, at, a, from, length);
    return parts(at, a.bytes, allKnown(at, [a, from, length]), (starts, ends) => at.kernels.fn.textSlice(
      a.values, a.bytes, at.rows, from.values, from.step, length.values, length.step, back, starts, ends,
    ));
  };
}

/** SUBSTRING of bytes. */
function slicedBytes(call: BoundCall, at: Evaluation, a: Operand, from: Operand, length: Operand): Vector {
  const result = parts(at, a.bytes, allKnown(at, [a, from, length]), (startsAt, endsAt) => {
    const { buffer } = at.kernels.memory;
    const offsets = new Int32Array(buffer, a.values, at.rows + 1);
    const [places, counts] = [from, length].map((o) => new Int32Array(buffer, o.values, o.step === 0 ? 1 : at.rows)) as [Int32Array, Int32Array];
    const [starts, ends] = [startsAt, endsAt].map((p) => new Int32Array(buffer, p, at.rows)) as [Int32Array, Int32Array];
    let size = 0;
    for (let i = 0; i < at.rows; ++i) {
      const [begin, n] = [offsets[i]!, offsets[i + 1]! - offsets[i]!];
      const [place, count] = [places[from.step === 0 ? 0 : i]!, counts[length.step === 0 ? 0 : i]!];
      const first = place > 0 ? place - 1 : place < 0 ? n + place : 0;
      starts[i] = begin + Math.min(Math.max(first, 0), n);
      ends[i] = Math.max(begin + Math.max(0, Math.min(n, first + count)), starts[i]!);
      size += ends[i]! - starts[i]!;
    }
    return size;
  });
  return { ...result, type: call.type };
}

const one: Bound = { kind: 'literal', type: INT, value: 1 };

function trim(sides: 1 | 2 | 3): Columnwise {
  return (call, at) => {
    const a = column(call.args[0]!, at);
    const { fn } = at.kernels;
    if (call.args.length === 1) {
      return parts(at, a.bytes, a.validity, (starts, ends) => fn.textTrim(a.values, a.bytes, at.rows, sides, starts, ends));
    }
    const set = operand(call.args[1]!, at);
    return parts(at, a.bytes, allKnown(at, [a, set]), (starts, ends) =>
      fn.textStrip(a.values, a.bytes, set.values, set.bytes, set.step, sides, at.rows, starts, ends));
  };
}

function substringIndex(call: BoundCall, at: Evaluation): Vector {
  const { of: [a, b, count], known } = operands(call, at);
  return parts(at, a!.bytes, known, (starts, ends) => at.kernels.fn.textBefore(
    a!.values, a!.bytes, b!.values, b!.bytes, b!.step, count!.values, count!.step, at.rows, starts, ends,
  ));
}

function positions(at: Evaluation, text: Bound, part: Bound, from: Operand): Vector {
  const [a, b] = [column(text, at), operand(part, at)];
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.textFind(a.values, a.bytes, b.values, b.bytes, b.step, from.values, from.step, from.validity, at.rows, out);
  return plain(INT, at.rows, out, allKnown(at, [a, b]));
}

/** LOCATE: 0 where the start is null, as Hive has it. */
function locate(call: BoundCall, at: Evaluation): Vector {
  const [part, text, from] = call.args as [Bound, Bound, Bound];
  const { fn, scratch } = at.kernels;
  const isNull = (e: Bound) => e.type.kind === 'null' || (e.kind === 'literal' && e.value === null);
  if (isNull(from)) return plain(INT, at.rows, scratch.zeroed(at.rows * 4), 0);
  const start = operand(from, at);
  const found = [part, text].some(isNull) ? nulls(at.kernels, INT, at.rows) : positions(at, text, part, start);
  if (start.validity === 0 || found.validity === 0) return found;
  const known = bitmap(at.kernels, at.rows);
  new Uint8Array(at.kernels.memory.buffer).copyWithin(known, found.validity, found.validity + bitmapBytes(at.rows));
  fn.bitsOrNot(known, start.validity, at.rows, known);
  return { ...found, validity: known };
}

function translate(call: BoundCall, at: Evaluation): Vector {
  const [from, to] = [literalArgument(call, 1), literalArgument(call, 2)];
  if (typeof from !== 'string' || typeof to !== 'string') return perValue(call, [1, 2], at, variedPattern('translate'));
  const { fn, scratch, memory } = at.kernels;
  const a = column(call.args[0]!, at);
  const { bytes, wide } = translation(from, to);
  const table = scratch.alloc(bytes.length);
  new Uint8Array(memory.buffer, table, bytes.length).set(bytes);
  return written(at, a.validity, (offsets, out) =>
    fn.textTranslate(a.values, a.bytes, table, wide, a.validity, at.rows, offsets, out));
}

function reverse(call: BoundCall, at: Evaluation): Vector {
  if (call.type.kind !== 'string') return reversed.evaluate(call, at);
  const { fn, scratch, memory } = at.kernels;
  const a = column(call.args[0]!, at);
  const given = new Int32Array(memory.buffer, a.values, at.rows + 1);
  const size = given[at.rows]! - given[0]!;
  const offsets = scratch.zeroed((at.rows + 1) * 4);
  const out = scratch.alloc(size);
  fn.textReverse(a.values, a.bytes, at.rows, offsets, out);
  return texts(STRING, at.rows, offsets, out, a.validity);
}

/** CONCAT_WS of texts: what is null is left out, and where the separator is null all is. */
function joinTexts(call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch, memory } = at.kernels;
  const [first, ...rest] = call.args as [Bound, ...Bound[]];
  if (first.type.kind === 'null' || (first.kind === 'literal' && first.value === null)) return nulls(at.kernels, STRING, at.rows);
  if (rest.some((e) => e.type.kind === 'array')) return joinMixed(first, rest, at);
  const separator = operand(first, at);
  const all = rest.filter((e) => e.type.kind === 'string' && (e.kind !== 'literal' || e.value !== null)).map((e) => operand(e, at));
  const begun = scratch.zeroed(at.rows);
  const sums = scratch.zeroed(at.rows * 4);
  const separators = sizeOf(at, separator) * Math.max(0, all.length - 1);
  if (all.reduce((sum, a) => sum + sizeOf(at, a), separators) > 0x7fffffff) throw tooLarge(at.rows);
  for (const a of all) {
    fn.textJoinLengths(a.values, a.step, a.validity, separator.values, separator.step, at.rows, begun, sums);
  }
  const offsets = scratch.alloc((at.rows + 1) * 4);
  const bytes = scratch.alloc(fn.printOffsets(sums, at.rows, offsets));
  const cursors = scratch.alloc((at.rows + 1) * 4);
  new Uint8Array(memory.buffer).copyWithin(cursors, offsets, offsets + at.rows * 4);
  new Uint8Array(memory.buffer, begun, at.rows).fill(0);
  for (const a of all) {
    fn.textJoin(
      a.values, a.bytes, a.step, a.validity, separator.values, separator.bytes, separator.step, at.rows, begun, cursors, bytes,
    );
  }
  return texts(STRING, at.rows, offsets, bytes, separator.validity);
}

/** Bytes of an operand in all rows. */
function sizeOf(at: Evaluation, { values, step }: Operand): number {
  const rows = step === 0 ? 1 : at.rows;
  const offsets = new Int32Array(at.kernels.memory.buffer, values, rows + 1);
  return (offsets[rows]! - offsets[0]!) * (step === 0 ? at.rows : 1);
}

/** UPPER, LOWER and INITCAP beyond ASCII; null where a capital sigma is to become small. */
export function mapped(kind: 'upper' | 'lower' | 'initcap', call: BoundCall, at: Evaluation): Vector | null {
  const { fn, scratch } = at.kernels;
  const heads = caseTable(at.kernels, kind);
  const others = kind === 'initcap' ? caseTable(at.kernels, 'lower') : heads;
  const a = column(call.args[0]!, at);
  const offsets = scratch.zeroed((at.rows + 1) * 4);
  const lowers = kind === 'upper' ? 0 : 1;
  const size = fn.textMap(a.values, a.bytes, heads, others, lowers, at.rows, offsets, 0);
  if (size < 0) return null;
  const out = scratch.alloc(size);
  fn.textMap(a.values, a.bytes, heads, others, lowers, at.rows, offsets, out);
  return texts(STRING, at.rows, offsets, out, a.validity);
}

function ascii(call: BoundCall, at: Evaluation): Vector {
  const a = column(call.args[0]!, at);
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.textAscii(a.values, a.bytes, at.rows, out);
  return plain(INT, at.rows, out, a.validity);
}

function chr(call: BoundCall, at: Evaluation): Vector {
  const v = at.flat(call.args[0]!);
  const offsets = at.kernels.scratch.alloc((at.rows + 1) * 4);
  const out = at.kernels.scratch.alloc(at.rows * 2);
  at.kernels.fn.textChr(v.values, v.validity, at.rows, offsets, out);
  return texts(STRING, at.rows, offsets, out, v.validity);
}

function levenshtein(call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch } = at.kernels;
  const [a, b] = [column(call.args[0]!, at), operand(call.args[1]!, at)];
  const room = scratch.alloc(8 * (fn.textLongest(b.values, b.step === 0 ? 1 : at.rows) + 1));
  const out = scratch.alloc(at.rows * 4);
  fn.textDistance(a.values, a.bytes, b.values, b.bytes, b.step, room, at.rows, out);
  return plain(INT, at.rows, out, allKnown(at, [a, b]));
}

function soundex(call: BoundCall, at: Evaluation): Vector {
  const a = column(call.args[0]!, at);
  return written(at, a.validity, (offsets, out) => at.kernels.fn.textSoundex(a.values, a.bytes, at.rows, offsets, out));
}

/** Bytes or a long in hex. */
function hex(call: BoundCall, at: Evaluation): Vector {
  const { fn, scratch, memory } = at.kernels;
  const v = at.flat(call.args[0]!);
  const offsets = scratch.alloc((at.rows + 1) * 4);
  if (v.type.kind === LONG.kind) {
    const out = scratch.alloc(at.rows * 16);
    fn.textHexI64(v.values, at.rows, offsets, out);
    return texts(STRING, at.rows, offsets, out, v.validity);
  }
  const given = new Int32Array(memory.buffer, v.values, at.rows + 1);
  const size = 2 * (given[at.rows]! - given[0]!);
  if (size > 0x7fffffff) throw tooLarge(at.rows);
  const out = scratch.alloc(size);
  fn.textHex(v.values, v.bytes, at.rows, offsets, out);
  return texts(STRING, at.rows, offsets, out, v.validity);
}

/** Functions of texts that write texts, and their places and codes. */
export const textEdits: FunctionTable = {
  replace: edit(replace),
  translate: edit(translate),
  lpad: edit(pad(1)),
  rpad: edit(pad(0)),
  repeat: edit(repeat),
  space: edit(space),
  substring: edit(slice((call) => ({ place: call.args[1]!, count: call.args[2]!, back: 0 }))),
  left: edit(slice((call) => ({ place: one, count: call.args[1]!, back: 0 }))),
  right: edit(slice((call) => ({ place: one, count: call.args[1]!, back: 1 }))),
  trim: edit(trim(3)),
  ltrim: edit(trim(1)),
  rtrim: edit(trim(2)),
  substring_index: edit(substringIndex),
  instr: edit((call, at) => positions(at, call.args[0]!, call.args[1]!, operand(one, at))),
  locate: lenient(locate),
  reverse: edit(reverse),
  concat_ws: lenient(joinTexts),
  initcap: edit((call, at) => mapped('initcap', call, at), strings['initcap']),
  ascii: edit(ascii),
  chr: edit(chr),
  levenshtein: edit(levenshtein),
  soundex: edit(soundex),
  hex: edit(hex),
};
