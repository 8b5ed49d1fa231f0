import { call, literal } from '../../analyzers/lower.js';
import { AssayError } from '../../base/errors.js';
import type { Column } from '../../data/column.js';
import { filledBits } from '../../data/packed-bits.js';
import { BOOLEAN, LONG } from '../../data/types.js';
import type { FoldAsk } from '../../engine/plan.js';
import type { BatchView } from '../../expression/batch-view.js';
import type { Bound } from '../../expression/bound.js';
import { columnOfVector } from '../../expression/vector-column.js';
import { vectorOf } from '../../expression/evaluate/values.js';
import { openView } from '../../expression/view.js';
import { openKernels } from '../../kernels/kernels.js';
import type { Fold, GroupView, KeyValue } from '../../states/contract.js';
import { groups } from '../../states/groups.js';
import { copiedBits, type Bits } from './bits.js';
import type { GroupRule } from './rules.js';

const CHUNK = 4096;

/**
 * The fingerprints of some keys: two XXH64 of random seeds. Two keys have the same first one with a probability of
 * 2^-64, both with one of 2^-128. Open addressing, at most half full.
 */
export class Fingerprints {
  size = 0;
  readonly #most: number;
  #slots = new Int32Array(1024);
  #mask = 255;

  /** `limit`: bytes that the set may take. */
  constructor(limit: number) {
    this.#most = limit;
  }

  /** Adds the pair of hashes at `i`, each of two int32. */
  add(a: Int32Array, b: Int32Array, i: number): void {
    if (this.size * 2 > this.#mask) this.#grow();
    const at = this.#find(a[2 * i]! | 1, a[2 * i + 1]!, b[2 * i]!, b[2 * i + 1]!);
    if (this.#slots[at] !== 0) return;
    this.#slots[at] = a[2 * i]! | 1; // 0 marks a free slot
    this.#slots[at + 1] = a[2 * i + 1]!;
    this.#slots[at + 2] = b[2 * i]!;
    this.#slots[at + 3] = b[2 * i + 1]!;
    ++this.size;
  }

  /** Whether the pair of hashes at `i` is in the set. */
  has(a: Int32Array, b: Int32Array, i: number): boolean {
    return this.#slots[this.#find(a[2 * i]! | 1, a[2 * i + 1]!, b[2 * i]!, b[2 * i + 1]!)] !== 0;
  }

  #find(a0: number, a1: number, b0: number, b1: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = a1 & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 4;
      if (slots[at] === 0) return at;
      if (slots[at] === a0 && slots[at + 1] === a1 && slots[at + 2] === b0 && slots[at + 3] === b1) return at;
    }
  }

  #grow(): void {
    const before = this.#slots;
    if (before.byteLength * 2 > this.#most) {
      const message = `more than ${this.size} keys occur more than once, which takes more than ${this.#most} bytes`;
      throw new AssayError('MEMORY_LIMIT', `${message}: give a greater memoryLimit to judge rows by them`);
    }
    this.#slots = new Int32Array(before.length * 2);
    this.#mask = before.length / 2 - 1;
    for (let at = 0; at < before.length; at += 4) {
      if (before[at] === 0) continue;
      const to = this.#find(before[at]!, before[at + 1]!, before[at + 2]!, before[at + 3]!);
      for (let k = 0; k < 4; ++k) this.#slots[to + k] = before[at + k]!;
    }
  }
}

/** Asks for the keys whose rows do not pass. Where a filter may be null it counts apart from what it leaves out. */
export function askRepeated(rule: GroupRule, limit: number): FoldAsk {
  const { keys, where } = rule;
  const request = { state: groups.name, inputs: keys, where: null, options: null };
  if (where === null) return { kind: 'fold', spec: groups, fold: foldOf(rule, limit), request };
  const long = (value: string) => literal(LONG, value);
  const inScope = call('case', [where, long('1'), long('0')], LONG);
  const notOut = call('coalesce', [where, literal(BOOLEAN, true)], BOOLEAN);
  const counted = { ...request, inputs: [...keys, inScope], where: notOut, options: { measure: true } };
  return { kind: 'fold', spec: groups, fold: foldOf(rule, limit), request: counted };
}

function foldOf({ keys, where, alone }: GroupRule, limit: number): Fold<Fingerprints> {
  const inScope = (view: GroupView, i: number) => (where === null ? view.count(i) : Number(view.measure(i) ?? 0n));
  return {
    name: 'repeated-keys',
    needs: 'keys',
    empty: () => new Fingerprints(limit),
    add(set, view) {
      const found: KeyValue[][] = keys.map(() => []);
      for (let i = 0; i < view.size; ++i) {
        const n = inScope(view, i);
        if (n === 1 || (n === 0 && alone === 'at most')) continue;
        keys.forEach((_, part) => found[part]!.push(view.key(i, part)));
        if (found[0]!.length === CHUNK) addKeys(set, keys, found);
      }
      addKeys(set, keys, found);
      return set;
    },
  };
}

/** Adds keys and empties the lists. The same kernels hash them as hash the rows. */
function addKeys(set: Fingerprints, keys: readonly Bound[], found: KeyValue[][]): void {
  const rows = found[0]!.length;
  if (rows === 0) return;
  const kernels = openKernels();
  try {
    const columns = keys.map((key, part): Column => columnOfVector(kernels, vectorOf(kernels, key.type, found[part]!)));
    const parts = keys.map(({ type }, part): Bound => ({ kind: 'column', name: String(part), type }));
    const view = openView({ rows, column: (name) => columns[Number(name)]! }, kernels);
    const [a, b] = hashesOf(view, fingerprintsOf(parts));
    for (let i = 0; i < rows; ++i) set.add(a, b, i);
  } finally {
    kernels.scratch.reset();
  }
  for (const list of found) list.length = 0;
}

/** So that nobody can choose keys whose fingerprints meet. */
const SALTS = Array.from(crypto.getRandomValues(new BigInt64Array(2)), String);

/** Two hashes of a tuple of keys; which of several keys are null is part of them. */
function fingerprintsOf(keys: readonly Bound[]): readonly [Bound, Bound] {
  const nulls = keys.length > 1 ? keys.map((k) => call('isnull', [k], BOOLEAN)) : [];
  const hash = (salt: string) => call('xxhash64', [literal(LONG, salt), ...keys, ...nulls], LONG);
  return [hash(SALTS[0]!), hash(SALTS[1]!)];
}

/** The rows that the filter of a judgement leaves out; null: none. */
function outOf({ where }: GroupRule): Bound | null {
  return where && call('not', [where], BOOLEAN);
}

function hashesOf(view: BatchView, [a, b]: readonly [Bound, Bound]): [Int32Array, Int32Array] {
  const pointers = [view.vector(a, true).values, view.vector(b, true).values];
  const { buffer } = view.kernels.memory;
  return [new Int32Array(buffer, pointers[0]!, view.rows * 2), new Int32Array(buffer, pointers[1]!, view.rows * 2)];
}

/** What a judge by groups reads: nothing where no key is repeated, unless its filter leaves rows undecided. */
export function readsOfGroups({ keys, where, outside }: GroupRule, repeated: Fingerprints): readonly Bound[] {
  const filter = where === null || (outside === 'TRUE' && repeated.size === 0) ? [] : [where];
  return repeated.size === 0 ? filter : [...fingerprintsOf(keys), ...filter];
}

/** The verdict on each row of a view by the keys that do not pass. */
export function judgeGroups(view: BatchView, rule: GroupRule, repeated: Fingerprints): Bits {
  const { rows } = view;
  const truth = filledBits(rows, true);
  if (repeated.size > 0) {
    const [a, b] = hashesOf(view, fingerprintsOf(rule.keys));
    for (let i = 0; i < rows; ++i) if (repeated.has(a, b, i)) truth[i >> 3]! &= ~(1 << (i & 7));
  }
  const out = rule.where === null || (rule.outside === 'TRUE' && repeated.size === 0) ? null : outOf(rule);
  return settled(truth, rows, rule, out && copiedBits(view, view.truths(out, null).bits));
}

function settled(truth: Uint8Array, rows: number, { outside }: GroupRule, out: Uint8Array | null): Bits {
  const known = filledBits(rows, true);
  if (!out) return { truth, known };
  for (let i = 0; i < out.length; ++i) {
    if (outside === 'TRUE') {
      truth[i]! |= out[i]!;
    } else {
      truth[i]! &= ~out[i]!;
      known[i]! &= ~out[i]!;
    }
  }
  return { truth, known };
}
