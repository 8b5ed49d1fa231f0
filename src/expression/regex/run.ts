import { AssayError } from '../../base/errors.js';
import { FRAME, giveUp, grow, push, rewrite, type Machine } from './machine.js';
import { hasBefore, isPlace } from './places.js';
import { matchReference } from './references.js';
import { holds } from './set-table.js';
import { decodeAt, stepBack, widthOf } from './utf8.js';

// Frames: kind and up to five operands.
//   0 Retry: pc, at
//   1 RetryMemo: pc, at, memo
//   2 Local: local, value
//   3 Group: group, start, end
//   4 Rewrite: group, start, end: no effect but when all is matched
//   5 Back: pc, at, lowest: one character less
//   6 More: address of the Run, at, how many more
//   7 Whole: kind, next, at, barrier before, frames to keep
//   8 Behind: address, at, begin, characters so far, barrier before

/** Tries a match at one place; returns -1 if there is one, else the steps that are left. */
export function tryAt(
  machine: Machine, bytes: Uint8Array, start: number, end: number,
  begin: number, last: number, full: boolean, budget: number,
): number {
  const { groups, locals, memos } = machine;
  const { code, sets, rewrites } = machine.program;
  let { stack } = machine;
  let capacity = stack.length - 3 * FRAME;
  let top = 0;
  let barrier = -1;
  let entered = 0; // where what has just been matched as a whole began
  let keep = -1; // frames to keep when what is entered next has matched
  let pc = 0;
  let at = begin;
  let left = budget;

  for (;;) {
    if (--left < 0) throw giveUp(machine.program);
    if (top > capacity) {
      stack = grow(machine);
      capacity = stack.length - 3 * FRAME;
    }
    let ok = true;
    switch (code[pc]) {
      case 0: /* Match */
        ok = !full || at === end;
        if (!ok) break;
        if (rewrites) rewrite(stack, groups, top, 0);
        groups[0] = begin;
        groups[1] = at;
        return -1;
      case 1: /* Accept */ {
        const frame = barrier;
        if (stack[frame] === 8 /* Behind */ && at !== stack[frame + 2]) {
          ok = false;
          break;
        }
        if (rewrites) rewrite(stack, groups, top, frame);
        if (stack[frame] === 8 /* Behind */) {
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
        if (kind === 1) at = entered;
        else if (kind === 2) ok = false;
        break;
      }
      case 2: /* Byte */
        if (at < end && bytes[at] === code[pc + 1]) {
          at++;
          pc += 2;
        } else {
          ok = false;
        }
        break;
      case 3: /* Set */ {
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
      case 4: /* Later */
        top = push(stack, top, 0 /* Retry */, code[pc + 1]!, at);
        pc += 2;
        break;
      case 5: /* Jump */
        pc = code[pc + 1]!;
        break;
      case 7: /* Tail */ {
        const group = code[pc + 2]!;
        top = push(stack, top, 3 /* Group */, group, groups[2 * group]!, groups[2 * group + 1]!);
        groups[2 * group] = locals[code[pc + 1]!]!;
        groups[2 * group + 1] = at;
        pc += 3;
        break;
      }
      case 8: /* At */
        ok = isPlace(code[pc + 1]!, bytes, at, start, end, last);
        pc += 2;
        break;
      case 9: /* LineBreak */ {
        pc++;
        const b = at < end ? bytes[at]! : 0;
        if (b >= 10 && b <= 13) {
          if (b === 13 && at + 1 < end && bytes[at + 1] === 10) {
            top = push(stack, top, 0 /* Retry */, pc, ++at);
          }
          at++;
        } else {
          const c = b < 128 ? -1 : decodeAt(bytes, at, end);
          ok = c === 0x85 || c === 0x2028 || c === 0x2029;
          at += widthOf(c);
        }
        break;
      }
      case 10: /* Reference */ {
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
      case 11: /* Run */ {
        const table = sets[code[pc + 1]!]!;
        const min = code[pc + 2]!;
        const mode = code[pc + 4]!;
        const max = mode === 1 ? min : code[pc + 3]!;
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
        if (mode === 0 && at > lowest) {
          top = push(stack, top, 5 /* Back */, pc + 5, at, lowest);
        } else if (mode === 1 && min < code[pc + 3]!) {
          top = push(stack, top, 6 /* More */, pc, at, code[pc + 3]! - min);
        }
        pc += 5;
        break;
      }
      case 12: /* Enter */
        push(stack, top, 7 /* Whole */, code[pc + 1]!, code[pc + 2]!, at, barrier, top);
        barrier = top;
        top += FRAME;
        pc += 3;
        break;
      case 15: /* CurlyEnter */
        push(stack, top, 7 /* Whole */, 0, code[pc + 1]!, at, barrier, keep < 0 ? top : keep);
        keep = -1;
        barrier = top;
        top += FRAME;
        pc += 2;
        break;
      case 13: /* Behind */ {
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
        push(stack, top, 8 /* Behind */, pc, at, from, n, barrier);
        barrier = top;
        top += FRAME;
        at = from;
        pc += 6;
        break;
      }
      case 14: /* Curly */ {
        const n = locals[code[pc + 1]!]!;
        const out = code[pc + 5]!;
        if (n < code[pc + 2]!) {
          pc += 6;
        } else if (n >= code[pc + 3]!) {
          pc = out;
        } else {
          const lazy = code[pc + 4] === 1;
          if (code[pc + 4] === 2) keep = top;
          top = push(stack, top, 0 /* Retry */, lazy ? pc + 6 : out, at);
          pc = lazy ? out : pc + 6;
        }
        break;
      }
      case 16: /* CurlyNext */ {
        const count = code[pc + 1]!;
        const n = locals[count]!;
        const min = code[pc + 2]!;
        const group = code[pc + 4]!;
        const empty = at === entered;
        if (n >= min && empty) {
          ok = code[pc + 3] !== 1;
          if (code[pc + 3] === 0) top -= FRAME; // what follows is tried from here once, not again without the turn
          pc = code[pc + 5]!;
          break;
        }
        if (group > 0) {
          top = push(stack, top, 3 /* Group */, group, groups[2 * group]!, groups[2 * group + 1]!);
          groups[2 * group] = entered;
          groups[2 * group + 1] = at;
        }
        top = push(stack, top, 2 /* Local */, count, n);
        locals[count] = empty && code[pc + 7] === 1 ? min : n + 1;
        pc = code[pc + 6]!;
        break;
      }
      case 17: /* CurlyOut */ {
        const group = code[pc + 3]!;
        if (locals[code[pc + 1]!]! > code[pc + 2]!) {
          top = push(stack, top, 4 /* Rewrite */, group, groups[2 * group]!, groups[2 * group + 1]!);
        }
        pc += 4;
        break;
      }
      case 6: /* Local */ {
        const local = code[pc + 1]!;
        top = push(stack, top, 2 /* Local */, local, locals[local]!);
        locals[local] = code[pc + 2]! < 0 ? at : code[pc + 2]!;
        pc += 3;
        break;
      }
      case 18: /* Loop */ {
        const n = locals[code[pc + 1]!]!;
        const out = code[pc + 6]!;
        const memo = code[pc + 7]!;
        if (at <= locals[code[pc + 2]!]!) {
          pc = out; // the turn was empty
        } else if (n < code[pc + 3]!) {
          pc += 8;
        } else if (n >= code[pc + 4]! || (memo >= 0 && memos[memo]!.has(at))) {
          pc = out;
        } else if (code[pc + 5] === 1) {
          top = push(stack, top, 0 /* Retry */, pc + 8, at);
          pc = out;
        } else {
          top = push(stack, top, memo >= 0 ? 1 /* RetryMemo */ : 0 /* Retry */, out, at, memo);
          pc += 8;
        }
        break;
      }
      case 19: /* Again */ {
        const count = code[pc + 1]!;
        top = push(stack, top, 2 /* Local */, count, locals[count]!);
        locals[count]!++;
        pc = code[pc + 2]!;
        break;
      }
      default:
        throw new AssayError('INTERNAL', `unknown instruction ${code[pc]} of the pattern ${machine.program.source}`);
    }
    if (ok) continue;

    unwind: for (;;) {
      if (top === 0) return Math.max(0, left);
      left--;
      top -= FRAME;
      switch (stack[top]) {
        case 0: /* Retry */
          pc = stack[top + 1]!;
          at = stack[top + 2]!;
          break unwind;
        case 1: /* RetryMemo */
          pc = stack[top + 1]!;
          at = stack[top + 2]!;
          memos[stack[top + 3]!]!.add(at);
          break unwind;
        case 2: /* Local */
          locals[stack[top + 1]!] = stack[top + 2]!;
          break;
        case 3: /* Group */
          groups[2 * stack[top + 1]!] = stack[top + 2]!;
          groups[2 * stack[top + 1]! + 1] = stack[top + 3]!;
          break;
        case 5: /* Back */
          pc = stack[top + 1]!;
          at = stepBack(bytes, stack[top + 2]!, stack[top + 3]!);
          if (at > stack[top + 3]!) {
            stack[top + 2] = at;
            top += FRAME;
          }
          break unwind;
        case 6: /* More */ {
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
        case 7: /* Whole */ {
          const kind = stack[top + 1]!;
          barrier = stack[top + 4]!;
          if (kind !== 2 && kind !== 3) break;
          pc = stack[top + 2]!;
          at = stack[top + 3]!;
          break unwind;
        }
        case 8: /* Behind */ {
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
