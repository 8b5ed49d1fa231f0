// The checksum of frames of Zstandard: XXH64 of what they hold, piece by piece.
import { P1, P2, P5, ended, merged, round } from './xxh64-parts';
import { REST, SUMS, TAKEN } from './zstd-tables';

/** Starts anew. */
export function openSum(work: usize): void {
  store<u64>(work, P1 + P2, SUMS);
  store<u64>(work, P2, SUMS + 8);
  store<u64>(work, 0, SUMS + 16);
  store<u64>(work, 0 - P1, SUMS + 24);
  store<u64>(work, 0, TAKEN);
}

/** Takes whole stripes of 32 bytes; what follows them. */
function stripes(work: usize, at: usize, end: usize): usize {
  let a = load<u64>(work, SUMS), b = load<u64>(work, SUMS + 8), c = load<u64>(work, SUMS + 16), d = load<u64>(work, SUMS + 24);
  for (; end - at >= 32; at += 32) {
    a = round(a, load<u64>(at));
    b = round(b, load<u64>(at, 8));
    c = round(c, load<u64>(at, 16));
    d = round(d, load<u64>(at, 24));
  }
  store<u64>(work, a, SUMS);
  store<u64>(work, b, SUMS + 8);
  store<u64>(work, c, SUMS + 16);
  store<u64>(work, d, SUMS + 24);
  return at;
}

/** Takes n bytes. */
export function sumOn(work: usize, at: usize, n: usize): void {
  const taken = load<u64>(work, TAKEN);
  const kept = <usize>taken & 31;
  const end = at + n;
  store<u64>(work, taken + <u64>n, TAKEN);
  const rest = work + REST;
  if (kept != 0) {
    const more = min<usize>(32 - kept, n);
    memory.copy(rest + kept, at, more);
    at += more;
    if (kept + more < 32) return;
    stripes(work, rest, rest + 32);
  }
  at = stripes(work, at, end);
  memory.copy(rest, at, end - at);
}

/** The checksum of what was taken. */
export function sumOf(work: usize): u64 {
  const taken = load<u64>(work, TAKEN);
  const h = taken < 32 ? P5
    : merged(load<u64>(work, SUMS), load<u64>(work, SUMS + 8), load<u64>(work, SUMS + 16), load<u64>(work, SUMS + 24));
  return ended(h + taken, work + REST, <i32>taken & 31);
}
