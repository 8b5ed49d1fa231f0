import { firstBytes } from './first-bytes.js';
import { machineFor, type Machine } from './machine.js';
import type { Parsed } from './nodes.js';
import { assemble } from './program.js';
import { tryAt } from './run.js';
import { stepOn } from './utf8.js';

/** Steps that the search in one text may take before it is given up, and more of them for each of its bytes. */
const STEPS = 10_000_000;
const STEPS_PER_BYTE = 64;

/** Matches a pattern as Java's Matcher does, by trying, on a stack of its own and with a budget of steps. */
export class Backtracker {
  /** Start and end of the match and of each group in bytes, -1 where a group took no part. */
  readonly groups: Int32Array;
  readonly #machine: Machine;
  readonly #first: Uint8Array | null;

  constructor(parsed: Parsed) {
    const program = assemble(parsed);
    this.#machine = machineFor(program);
    this.#first = program.leaks ? null : firstBytes(parsed.root);
    this.groups = this.#machine.groups;
  }

  /**
   * Finds the first match at or after `from` in the text between start and end; `last` is where the match before ended.
   */
  find(bytes: Uint8Array, start: number, end: number, from: number, last: number): boolean {
    this.#reset();
    const first = this.#first;
    let left = STEPS + STEPS_PER_BYTE * (end - start);
    for (let at = from; at <= end; at = stepOn(bytes, at, end)) {
      if (first) {
        while (at < end && first[bytes[at]!] === 0) at++;
        if (at >= end) return false;
      }
      left = tryAt(this.#machine, bytes, start, end, at, last, false, left);
      if (left < 0) return true;
    }
    return false;
  }

  /** Whether the pattern matches the whole text. */
  full(bytes: Uint8Array, start: number, end: number): boolean {
    this.#reset();
    return tryAt(this.#machine, bytes, start, end, start, start, true, STEPS + STEPS_PER_BYTE * (end - start)) < 0;
  }

  #reset(): void {
    this.groups.fill(-1);
    for (const memo of this.#machine.memos) memo.clear();
  }
}
