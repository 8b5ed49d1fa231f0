const MASK = (1n << 64n) - 1n;

/** Fixed: which partition a key belongs to must be the same on every thread and in every run. */
const PLACES: readonly [bigint, bigint] = [0xd6e8feb86659fd93n, 0xa0761d6478bd642fn];

/** Fixed: kept keys are compared by value, so their hash only has to spread them. */
const KEPT: readonly [bigint, bigint] = [0x243f6a8885a308d3n, 0x13198a2e03707344n];

/** What a table's context starts with: multipliers of places, and the SipHash key of long keys. */
export function seedsOf(
  keepsKeys: boolean, seed: readonly number[] | undefined,
): { words: BigUint64Array; mark: number } {
  const [k0, k1] = keepsKeys || seed === undefined ? KEPT : [wordOf(seed, 0), wordOf(seed, 2)];
  // the mark tells seeds apart without giving them away
  const mark = keepsKeys ? 0 : Number(finish(k0 ^ finish(k1)) >> 33n) + 1;
  return { words: BigUint64Array.of(...PLACES, k0, k1), mark };
}

/** Multipliers of the hashes that stand for the keys of rows, the same on all threads of a run. */
export function rowSeedsOf(seed: readonly number[] | undefined): BigUint64Array {
  const [k0, k1] = seed === undefined ? KEPT : [wordOf(seed, 0), wordOf(seed, 2)];
  const a = finish(k0 ^ PLACES[0]);
  return BigUint64Array.of(a | 1n, finish(k1 ^ a) | 1n);
}

let own: BigUint64Array | undefined;

/** Multipliers of this thread for tables of its own, so that nobody can choose keys that meet in one slot. */
export function ownSeeds(): BigUint64Array {
  if (!own) {
    own = crypto.getRandomValues(new BigUint64Array(2));
    for (let i = 0; i < 2; i++) own[i] = own[i]! | 1n;
  }
  return own;
}

function wordOf(seed: readonly number[], at: number): bigint {
  return BigInt((seed[at] ?? 0) >>> 0) | (BigInt((seed[at + 1] ?? 0) >>> 0) << 32n);
}

/** The finish of SplitMix64 (Steele, Lea & Flood 2014). */
function finish(x: bigint): bigint {
  let z = (x + 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}
