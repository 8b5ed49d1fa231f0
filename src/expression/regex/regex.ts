import type { Kernels } from '../../kernels/kernels.js';
import { chooseAutomata } from './automata.js';
import { Backtracker } from './backtrack.js';
import type { MatchMode } from './nodes.js';
import { parseRegex } from './parse.js';

export type { MatchMode } from './nodes.js';

/** A compiled regular expression of Java's syntax and meaning. */
export interface Regex {
  readonly source: string;
  /** Number of capturing groups. */
  readonly groups: number;
  /** Numbers of the named groups. */
  readonly names: ReadonlyMap<string, number>;
  /** Whether rows are matched by an automaton in linear time, and not by trying. */
  readonly isRegular: boolean;
  /**
   * Sets bit i of the zeroed bitmap `outBits` for each row i < n in the mask (a bitmap; 0: all) that matches; `offsets`
   * are n + 1 int32
   * counted from `bytes`. The memory may grow on the way.
   */
  matchUtf8(
    kernels: Kernels, mode: MatchMode, offsets: number, bytes: number, mask: number, n: number, outBits: number,
  ): void;
  /**
   * The first match at or after the byte `from`: start and end of the match and then of each group, -1 where a group
   * took no part; null:
   * none. `last` is where the match before ended, which `\G` asks for.
   */
  exec(bytes: Uint8Array, from?: number, last?: number): Int32Array | null;
  /** The same in the text between start and end; the array is overwritten by the next search. */
  search(bytes: Uint8Array, start: number, end: number, from: number, last: number): Int32Array | null;
}

const CACHED = 256;
const cache = new Map<string, Compiled>();

interface Compiled {
  readonly regex: Regex;
  /** Returns the memory that automata took. */
  release(): void;
}

/** The compiled pattern, compiled once as long as it is among the last that were asked for. */
export function compileRegex(source: string): Regex {
  let compiled = cache.get(source);
  if (compiled) {
    cache.delete(source);
  } else {
    compiled = compile(source);
    if (cache.size >= CACHED) {
      const [oldest, dropped] = cache.entries().next().value!;
      cache.delete(oldest);
      dropped.release();
    }
  }
  cache.set(source, compiled);
  return compiled.regex;
}

function compile(source: string): Compiled {
  const parsed = parseRegex(source);
  const automata = chooseAutomata(parsed);
  let backtracker: Backtracker | undefined;
  const matcher = () => (backtracker ??= new Backtracker(parsed));
  const regex: Regex = {
    source,
    groups: parsed.groups,
    names: parsed.names,
    get isRegular() {
      return automata.isRegular;
    },
    matchUtf8(kernels, mode, offsets, bytes, mask, n, outBits) {
      if (n === 0 || automata.match(kernels, mode, offsets, bytes, mask, n, outBits)) return;
      matchRows(matcher(), kernels, mode, offsets, bytes, mask, n, outBits);
    },
    exec(bytes, from = 0, last = from) {
      return regex.search(bytes, 0, bytes.length, from, last)?.slice() ?? null;
    },
    search(bytes, start, end, from, last) {
      const m = matcher();
      return m.find(bytes, start, end, from, last) ? m.groups : null;
    },
  };
  return { regex: Object.freeze(regex), release: automata.release };
}

function matchRows(
  matcher: Backtracker, kernels: Kernels, mode: MatchMode,
  offsets: number, bytes: number, mask: number, n: number, outBits: number,
): void {
  const memory = new Uint8Array(kernels.memory.buffer);
  const places = new DataView(kernels.memory.buffer, offsets, 4 * (n + 1));
  const { groups } = matcher;
  for (let i = 0; i < n; i++) {
    if (mask !== 0 && ((memory[mask + (i >> 3)]! >> (i & 7)) & 1) === 0) continue;
    const start = bytes + places.getInt32(4 * i, true);
    const end = bytes + places.getInt32(4 * i + 4, true);
    const found =
      mode === 'full' ? matcher.full(memory, start, end)
      : matcher.find(memory, start, end, start, start) && (mode === 'find' || groups[1]! > groups[0]!);
    if (found) memory[outBits + (i >> 3)]! |= 1 << (i & 7);
  }
}
