import { AssayError } from '../../base/errors.js';
import type { Program } from './ops.js';

/** Frames that the stack may hold. */
const FRAMES = 6_000_000;
/** Integers of a frame: kind and five operands. */
export const FRAME = 6;

/** A program and what it works with. */
export interface Machine {
  readonly program: Program;
  readonly groups: Int32Array;
  readonly locals: Int32Array;
  /** Per loop that remembers, the places at which another turn failed. */
  readonly memos: readonly Set<number>[];
  stack: Int32Array;
}

/** A machine for a program. */
export function machineFor(program: Program): Machine {
  return {
    program,
    groups: new Int32Array(2 * (program.groups + 1)),
    locals: new Int32Array(program.locals),
    memos: Array.from({ length: program.memos }, () => new Set<number>()),
    stack: new Int32Array(FRAME * 256),
  };
}

/** Writes groups once more, the outermost repetition last: what Java does as its calls return. */
export function rewrite(stack: Int32Array, groups: Int32Array, top: number, bottom: number): void {
  for (let frame = top - FRAME; frame >= bottom; frame -= FRAME) {
    if (stack[frame] !== 4 /* Rewrite */) continue;
    groups[2 * stack[frame + 1]!] = stack[frame + 2]!;
    groups[2 * stack[frame + 1]! + 1] = stack[frame + 3]!;
  }
}

/** Puts a frame on the stack; returns the new top. */
export function push(stack: Int32Array, top: number, kind: number, a: number, b: number, c = 0, d = 0, e = 0): number {
  stack[top] = kind;
  stack[top + 1] = a;
  stack[top + 2] = b;
  stack[top + 3] = c;
  stack[top + 4] = d;
  stack[top + 5] = e;
  return top + FRAME;
}

/** The error of a search that takes too long. */
export function giveUp({ source }: Program): AssayError {
  const shown = source.length > 200 ? `${source.slice(0, 200)}…` : source;
  return new AssayError(
    'EVALUATION',
    `step budget exceeded: the pattern ${shown} tries too many ways to match a value; ` +
      'make its repetitions possessive or less ambiguous',
  );
}

/** Doubles the stack, within its limit. */
export function grow(machine: Machine): Int32Array {
  if (machine.stack.length >= FRAME * FRAMES) throw giveUp(machine.program);
  const larger = new Int32Array(machine.stack.length * 2);
  larger.set(machine.stack);
  return (machine.stack = larger);
}
