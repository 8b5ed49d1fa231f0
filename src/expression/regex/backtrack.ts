import { AssayError } from '../../base/errors.js';
import { foldCase } from './letter-case.js';
import { isBoundary, isLineBegin, isLineEnd } from './places.js';
import { holds, type SetTable } from './set-table.js';
import { decodeAt, stepBack, stepOn, widthOf } from './utf8.js';

/** Instructions of the backtracking matcher; operands follow in the same array. */
export const enum Op {
  Match, //
  Accept, // the end of what is matched as a whole
  Byte, // byte
  Set, // set
  Later, // target: tried when what follows fails
  Jump, // target
  Head, // local
  Tail, // local, group
  At, // place
  LineBreak, //
  Reference, // group, fold
  Run, // set, min, max, mode
  Enter, // kind, next
  Behind, // negative, min, max, next, least
  Zero, // local
  Curly, // count, min, max, mode, out
  CurlyEnter, // next
  CurlyNext, // count, min, mode, group, out, top
  CurlyOut, // count, min, group
  Prolog, // count, min, max, lazy, body, out
  Loop, // count, begin, min, max, lazy, body, out, memo
  LoopMore, // count, max, body
}

export const enum Whole {
  Atomic,
  Ahead,
  NotAhead,
  Optional,
}

export const enum Repeat {
  Greedy,
  Lazy,
  Possessive,
}

/** A pattern for the backtracking matcher. */
export interface Program {
  readonly code: Int32Array;
  readonly sets: readonly SetTable[];
  readonly groups: number;
  readonly locals: number;
  readonly memos: number;
  /** Whether a repetition in one go writes its group once more when all is matched. */
  readonly rewrites: boolean;
  /** Whether a failed try may leave a group behind, as Java does, so that no try may be left out. */
  readonly leaks: boolean;
}

/** Steps that a match may take before it is given up, and more of them for each byte of the text. */
const STEPS = 10_000_000;
const STEPS_PER_BYTE = 64;
/** Frames that the stack may hold. */
const FRAMES = 6_000_000;
/** Integers of a frame: kind and five operands. */
const FRAME = 6;

const enum Frame {
  Retry, // pc, at
  RetryMemo, // pc, at, memo
  Local, // local, value
  Group, // group, start, end
  Rewrite, // group, start, end: no effect but when all is matched
  Back, // pc, at, lowest: one character less
  More, // address of the Run, at, how many more
  Whole, // kind, next, at, barrier before, frames to keep
  Behind, // address, at, begin, characters so far, barrier before
}

/** Runs a program over UTF-8 as Java's Matcher would over the text, on a stack of its own and with a budget of steps. */
export class Backtracker {
  /** Start and end of the match and of each group in bytes, -1 where a group took no part. */
  readonly groups: Int32Array;
  #program: Program;
  #source: string;
  #locals: Int32Array;
  #stack: Int32Array = new Int32Array(FRAME * 256);
  #memos: Set<number>[];
  #first: Uint8Array | null;

  /** `first`: bytes with which a match can begin, null: any, or none. */
  constructor(program: Program, source: string, first: Uint8Array | null) {
    this.#program = program;
    this.#source = source;
    this.#first = program.leaks ? null : first;
    this.groups = new Int32Array(2 * (program.groups + 1));
    this.#locals = new Int32Array(program.locals);
    this.#memos = Array.from({ length: program.memos }, () => new Set<number>());
  }

  /** Finds the first match at or after `from` in the text between start and end; `last` is where the match before ended. */
  find(bytes: Uint8Array, start: number, end: number, from: number, last: number): boolean {
    this.#reset();
    const budget = STEPS + STEPS_PER_BYTE * (end - start);
    const first = this.#first;
    let left = budget;
    for (let at = from; at <= end; at = stepOn(bytes, at, end)) {
      if (first) {
        while (at < end && first[bytes[at]!] === 0) at++;
        if (at >= end) return false;
      }
      left = this.#run(bytes, start, end, at, last, false, left);
      if (left < 0) return true;
    }
    return false;
  }

  /** Whether the pattern matches the whole text. */
  full(bytes: Uint8Array, start: number, end: number): boolean {
    this.#reset();
    return this.#run(bytes, start, end, start, start, true, STEPS + STEPS_PER_BYTE * (end - start)) < 0;
  }

  #reset(): void {
    this.groups.fill(-1);
    for (const memo of this.#memos) memo.clear();
  }

  #giveUp(): AssayError {
    const shown = this.#source.length > 200 ? `${this.#source.slice(0, 200)}…` : this.#source;
    return new AssayError(
      'EVALUATION',
      `step budget exceeded: the pattern ${shown} tries too many ways to match a value; make its repetitions possessive or less ambiguous`,
    );
  }

  #grow(): Int32Array {
    if (this.#stack.length >= FRAME * FRAMES) throw this.#giveUp();
    const larger = new Int32Array(this.#stack.length * 2);
    larger.set(this.#stack);
    return (this.#stack = larger);
  }

  /** Tries a match at one place; returns -1 if there is one, else the steps that are left. */
  #run(bytes: Uint8Array, start: number, end: number, begin: number, last: number, full: boolean, budget: number): number {
    const { code, sets, rewrites } = this.#program;
    const groups = this.groups;
    const locals = this.#locals;
    let stack = this.#stack;
    let capacity = stack.length - 3 * FRAME;
    let top = 0;
    let barrier = -1;
    let entered = 0; // where what has just been matched as a whole began
    let keep = -1; // frames to keep when what is entered next has matched
    let pc = 0;
    let at = begin;
    let left = budget;

    for (;;) {
      if (--left < 0) throw this.#giveUp();
      if (top > capacity) {
        stack = this.#grow();
        capacity = stack.length - 3 * FRAME;
      }
      let ok = true;
      switch (code[pc]) {
        case Op.Match:
          if (full && at !== end) {
            ok = false;
            break;
          }
          if (rewrites) this.#rewrite(top, 0);
          groups[0] = begin;
          groups[1] = at;
          return -1;
        case Op.Accept: {
          const frame = barrier;
          if (stack[frame] === Frame.Behind && at !== stack[frame + 2]) {
            ok = false;
            break;
          }
          if (rewrites) this.#rewrite(top, frame);
          if (stack[frame] === Frame.Behind) {
            const address = stack[frame + 1]!;
            at = stack[frame + 2]!;
            barrier = stack[frame + 5]!;
            top = frame;
            ok = code[address + 1] === 0;
            pc = code[address + 4]!;
            break;
          }
          const kind = stack[frame + 1]!;
          pc = stack[frame + 2]!;
          entered = stack[frame + 3]!;
          barrier = stack[frame + 4]!;
          top = stack[frame + 5]!;
          if (kind === Whole.Ahead) at = entered;
          else if (kind === Whole.NotAhead) ok = false;
          break;
        }
        case Op.Byte:
          if (at < end && bytes[at] === code[pc + 1]) {
            at++;
            pc += 2;
          } else {
            ok = false;
          }
          break;
        case Op.Set: {
          const table = sets[code[pc + 1]!]!;
          pc += 2;
          if (at >= end) {
            ok = false;
          } else if (bytes[at]! < 128) {
            ok = table.ascii[bytes[at]!] === 1;
            at++;
          } else {
            const c = decodeAt(bytes, at, end);
            ok = holds(table, c);
            at += widthOf(c);
          }
          break;
        }
        case Op.Later:
          stack[top] = Frame.Retry;
          stack[top + 1] = code[pc + 1]!;
          stack[top + 2] = at;
          top += FRAME;
          pc += 2;
          break;
        case Op.Jump:
          pc = code[pc + 1]!;
          break;
        case Op.Head: {
          const local = code[pc + 1]!;
          stack[top] = Frame.Local;
          stack[top + 1] = local;
          stack[top + 2] = locals[local]!;
          top += FRAME;
          locals[local] = at;
          pc += 2;
          break;
        }
        case Op.Tail: {
          const group = code[pc + 2]!;
          stack[top] = Frame.Group;
          stack[top + 1] = group;
          stack[top + 2] = groups[2 * group]!;
          stack[top + 3] = groups[2 * group + 1]!;
          top += FRAME;
          groups[2 * group] = locals[code[pc + 1]!]!;
          groups[2 * group + 1] = at;
          pc += 3;
          break;
        }
        case Op.At:
          ok = isPlace(code[pc + 1]!, bytes, at, start, end, last);
          pc += 2;
          break;
        case Op.LineBreak: {
          pc++;
          const b = at < end ? bytes[at]! : 0;
          if (b >= 10 && b <= 13) {
            if (b === 13 && at + 1 < end && bytes[at + 1] === 10) {
              stack[top] = Frame.Retry;
              stack[top + 1] = pc;
              stack[top + 2] = ++at;
              top += FRAME;
            }
            at++;
          } else {
            const c = b < 128 ? -1 : decodeAt(bytes, at, end);
            ok = c === 0x85 || c === 0x2028 || c === 0x2029;
            at += widthOf(c);
          }
          break;
        }
        case Op.Reference: {
          const group = code[pc + 1]!;
          const from = 2 * group < groups.length ? groups[2 * group]! : -1;
          if (from < 0) {
            ok = false;
            break;
          }
          const to = matchReference(bytes, from, groups[2 * group + 1]!, at, end, code[pc + 2]!);
          ok = to >= 0;
          at = to;
          pc += 3;
          break;
        }
        case Op.Run: {
          const table = sets[code[pc + 1]!]!;
          const min = code[pc + 2]!;
          const mode = code[pc + 4]!;
          const max = mode === Repeat.Lazy ? min : code[pc + 3]!;
          let n = 0;
          let lowest = at;
          while (n < max && at < end) {
            const b = bytes[at]!;
            if (b < 128) {
              if (table.ascii[b] === 0) break;
              at++;
            } else {
              const c = decodeAt(bytes, at, end);
              if (!holds(table, c)) break;
              at += widthOf(c);
            }
            if (++n === min) lowest = at;
          }
          left -= n >> 3;
          if (n < min) {
            ok = false;
            break;
          }
          if (mode === Repeat.Greedy && at > lowest) {
            stack[top] = Frame.Back;
            stack[top + 1] = pc + 5;
            stack[top + 2] = at;
            stack[top + 3] = lowest;
            top += FRAME;
          } else if (mode === Repeat.Lazy && min < code[pc + 3]!) {
            stack[top] = Frame.More;
            stack[top + 1] = pc;
            stack[top + 2] = at;
            stack[top + 3] = code[pc + 3]! - min;
            top += FRAME;
          }
          pc += 5;
          break;
        }
        case Op.Enter:
          stack[top] = Frame.Whole;
          stack[top + 1] = code[pc + 1]!;
          stack[top + 2] = code[pc + 2]!;
          stack[top + 3] = at;
          stack[top + 4] = barrier;
          stack[top + 5] = top;
          barrier = top;
          top += FRAME;
          pc += 3;
          break;
        case Op.CurlyEnter:
          stack[top] = Frame.Whole;
          stack[top + 1] = Whole.Atomic;
          stack[top + 2] = code[pc + 1]!;
          stack[top + 3] = at;
          stack[top + 4] = barrier;
          stack[top + 5] = keep < 0 ? top : keep;
          keep = -1;
          barrier = top;
          top += FRAME;
          pc += 2;
          break;
        case Op.Behind: {
          const min = code[pc + 2]!;
          let from = at;
          let n = 0;
          while (n < min && from > start) {
            from = stepBack(bytes, from, start);
            n++;
          }
          if (n < min || code[pc + 3]! < min || !hasBefore(bytes, start, at, code[pc + 5]!)) {
            ok = code[pc + 1] === 1;
            pc = code[pc + 4]!;
            break;
          }
          stack[top] = Frame.Behind;
          stack[top + 1] = pc;
          stack[top + 2] = at;
          stack[top + 3] = from;
          stack[top + 4] = n;
          stack[top + 5] = barrier;
          barrier = top;
          top += FRAME;
          at = from;
          pc += 6;
          break;
        }
        case Op.Zero: {
          const local = code[pc + 1]!;
          stack[top] = Frame.Local;
          stack[top + 1] = local;
          stack[top + 2] = locals[local]!;
          top += FRAME;
          locals[local] = 0;
          pc += 2;
          break;
        }
        case Op.Curly: {
          const n = locals[code[pc + 1]!]!;
          const out = code[pc + 5]!;
          if (n < code[pc + 2]!) {
            pc += 6;
          } else if (n >= code[pc + 3]!) {
            pc = out;
          } else {
            const lazy = code[pc + 4] === Repeat.Lazy;
            if (code[pc + 4] === Repeat.Possessive) keep = top;
            stack[top] = Frame.Retry;
            stack[top + 1] = lazy ? pc + 6 : out;
            stack[top + 2] = at;
            top += FRAME;
            pc = lazy ? out : pc + 6;
          }
          break;
        }
        case Op.CurlyNext: {
          const count = code[pc + 1]!;
          const n = locals[count]!;
          const min = code[pc + 2]!;
          const group = code[pc + 4]!;
          const empty = at === entered;
          if (n >= min && empty) {
            ok = code[pc + 3] !== Repeat.Lazy;
            pc = code[pc + 5]!;
            break;
          }
          if (group > 0) {
            stack[top] = Frame.Group;
            stack[top + 1] = group;
            stack[top + 2] = groups[2 * group]!;
            stack[top + 3] = groups[2 * group + 1]!;
            top += FRAME;
            groups[2 * group] = entered;
            groups[2 * group + 1] = at;
          }
          stack[top] = Frame.Local;
          stack[top + 1] = count;
          stack[top + 2] = n;
          top += FRAME;
          locals[count] = empty ? min : n + 1;
          pc = code[pc + 6]!;
          break;
        }
        case Op.CurlyOut: {
          const group = code[pc + 3]!;
          if (locals[code[pc + 1]!]! > code[pc + 2]!) {
            stack[top] = Frame.Rewrite;
            stack[top + 1] = group;
            stack[top + 2] = groups[2 * group]!;
            stack[top + 3] = groups[2 * group + 1]!;
            top += FRAME;
          }
          pc += 4;
          break;
        }
        case Op.Prolog: {
          const count = code[pc + 1]!;
          stack[top] = Frame.Local;
          stack[top + 1] = count;
          stack[top + 2] = locals[count]!;
          top += FRAME;
          locals[count] = 1;
          const body = code[pc + 5]!;
          const out = code[pc + 6]!;
          if (code[pc + 2]! > 0) {
            pc = body;
          } else if (code[pc + 3] === 0) {
            pc = out;
          } else {
            const lazy = code[pc + 4] === 1;
            stack[top] = Frame.Retry;
            stack[top + 1] = lazy ? body : out;
            stack[top + 2] = at;
            top += FRAME;
            pc = lazy ? out : body;
          }
          break;
        }
        case Op.Loop: {
          const count = code[pc + 1]!;
          const n = locals[count]!;
          const body = code[pc + 6]!;
          const out = code[pc + 7]!;
          if (at <= locals[code[pc + 2]!]!) {
            pc = out;
            break;
          }
          const lazy = code[pc + 5] === 1;
          if (n >= code[pc + 3]!) {
            const memo = code[pc + 8]!;
            if (n >= code[pc + 4]! || (memo >= 0 && this.#memos[memo]!.has(at))) {
              pc = out;
              break;
            }
            if (lazy) {
              stack[top] = Frame.Retry;
              stack[top + 1] = pc + 9;
              stack[top + 2] = at;
              top += FRAME;
              pc = out;
              break;
            }
            stack[top] = memo >= 0 ? Frame.RetryMemo : Frame.Retry;
            stack[top + 1] = out;
            stack[top + 2] = at;
            stack[top + 3] = memo;
            top += FRAME;
          }
          stack[top] = Frame.Local;
          stack[top + 1] = count;
          stack[top + 2] = n;
          top += FRAME;
          locals[count] = n + 1;
          pc = body;
          break;
        }
        case Op.LoopMore: {
          const count = code[pc + 1]!;
          const n = locals[count]!;
          if (n >= code[pc + 2]!) {
            ok = false;
            break;
          }
          stack[top] = Frame.Local;
          stack[top + 1] = count;
          stack[top + 2] = n;
          top += FRAME;
          locals[count] = n + 1;
          pc = code[pc + 3]!;
          break;
        }
        default:
          throw new AssayError('INTERNAL', `unknown instruction ${code[pc]} of the pattern ${this.#source}`);
      }
      if (ok) continue;

      unwind: for (;;) {
        if (top === 0) return left;
        left--;
        top -= FRAME;
        switch (stack[top]) {
          case Frame.Retry:
            pc = stack[top + 1]!;
            at = stack[top + 2]!;
            break unwind;
          case Frame.RetryMemo:
            pc = stack[top + 1]!;
            at = stack[top + 2]!;
            this.#memos[stack[top + 3]!]!.add(at);
            break unwind;
          case Frame.Local:
            locals[stack[top + 1]!] = stack[top + 2]!;
            break;
          case Frame.Group:
            groups[2 * stack[top + 1]!] = stack[top + 2]!;
            groups[2 * stack[top + 1]! + 1] = stack[top + 3]!;
            break;
          case Frame.Back:
            pc = stack[top + 1]!;
            at = stepBack(bytes, stack[top + 2]!, stack[top + 3]!);
            if (at > stack[top + 3]!) {
              stack[top + 2] = at;
              top += FRAME;
            }
            break unwind;
          case Frame.More: {
            const address = stack[top + 1]!;
            at = stack[top + 2]!;
            const c = at < end ? decodeAt(bytes, at, end) : -1;
            if (!holds(sets[code[address + 1]!]!, c)) break;
            at += widthOf(c);
            if (stack[top + 3]! > 1) {
              stack[top + 2] = at;
              stack[top + 3]!--;
              top += FRAME;
            }
            pc = address + 5;
            break unwind;
          }
          case Frame.Whole: {
            const kind = stack[top + 1]!;
            barrier = stack[top + 4]!;
            if (kind !== Whole.NotAhead && kind !== Whole.Optional) break;
            pc = stack[top + 2]!;
            at = stack[top + 3]!;
            break unwind;
          }
          case Frame.Behind: {
            const address = stack[top + 1]!;
            const from = stack[top + 3]!;
            if (from > start && stack[top + 4]! < code[address + 3]!) {
              at = stack[top + 3] = stepBack(bytes, from, start);
              stack[top + 4]!++;
              pc = address + 6;
              top += FRAME;
              break unwind;
            }
            barrier = stack[top + 5]!;
            if (code[address + 1] === 0) break;
            at = stack[top + 2]!;
            pc = code[address + 4]!;
            break unwind;
          }
        }
      }
    }
  }

  /** Writes groups once more, the outermost repetition last: what Java does as its calls return. */
  #rewrite(top: number, bottom: number): void {
    const stack = this.#stack;
    for (let frame = top - FRAME; frame >= bottom; frame -= FRAME) {
      if (stack[frame] !== Frame.Rewrite) continue;
      this.groups[2 * stack[frame + 1]!] = stack[frame + 2]!;
      this.groups[2 * stack[frame + 1]! + 1] = stack[frame + 3]!;
    }
  }
}

function isPlace(place: number, bytes: Uint8Array, at: number, start: number, end: number, last: number): boolean {
  switch (place) {
    case 0:
      return at === start;
    case 1:
      return at === end;
    case 2:
      return at === last;
    case 3:
      return isLineBegin(bytes, at, start, end);
    case 4:
      return isLineEnd(bytes, at, start, end, true);
    case 5:
      return isLineEnd(bytes, at, start, end, false);
    case 6:
      return at !== end && (at === start || bytes[at - 1] === 10);
    case 7:
      return at === end || bytes[at] === 10;
    case 8:
      return at === end || (bytes[at] === 10 && at + 1 === end);
    case 9:
    case 10:
      return isBoundary(bytes, at, start, end, false) === (place === 9);
    default:
      return isBoundary(bytes, at, start, end, true) === (place === 11);
  }
}

/** Whether that many characters stand before a place. */
function hasBefore(bytes: Uint8Array, start: number, at: number, least: number): boolean {
  let from = at;
  for (let n = 0; n < least; n++) {
    if (from === start) return false;
    from = stepBack(bytes, from, start);
  }
  return true;
}

/** Where the text of a group ends that stands once more at a place, or -1. */
function matchReference(bytes: Uint8Array, from: number, to: number, at: number, end: number, fold: number): number {
  if (fold === 0) {
    if (at + to - from > end) return -1;
    for (let i = from, j = at; i < to; i++, j++) if (bytes[i] !== bytes[j]) return -1;
    return at + to - from;
  }
  let j = at;
  for (let i = from; i < to; ) {
    const a = decodeAt(bytes, i, end);
    const b = j < end ? decodeAt(bytes, j, end) : -1;
    if (a < 0 || b < 0) return -1;
    if (a !== b && !(fold === 2 ? foldCase(a) === foldCase(b) : a < 128 && b < 128 && (a | 32) === (b | 32) && isLetter(a))) return -1;
    i += widthOf(a);
    j += widthOf(b);
  }
  return j;
}

function isLetter(c: number): boolean {
  return (c | 32) >= 97 && (c | 32) <= 122;
}
