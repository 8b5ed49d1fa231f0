import { DATE, DOUBLE, LONG, TIMESTAMP_NTZ, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import { DAY, SECOND } from './calendar.js';
import { power10 } from './decimals.js';
import type { Evaluation } from './evaluation.js';
import { bitmap, bitmapBytes, bothKnown, plain } from './vectors.js';
import { fixedShift, zoneOf } from './zones.js';

/**
 * Instants as local times, or local times as instants; null: some of them do not fit. `like`: instants and their local
 * times, whose offsets are kept where they are possible, which matters where clocks are set back.
 */
function inZone(v: Vector, type: DataType, name: string, at: Evaluation, like?: readonly [Vector, Vector]): Vector | null {
  if (fixedShift(name) === 0n) return { ...v, type };
  const { fn, scratch, memory } = at.kernels;
  const n = at.rows;
  const zone = zoneOf(name);
  const seconds = scratch.alloc(n * 8);
  const offsets = scratch.alloc(n * 4);
  const out = scratch.alloc(n * 8);
  fn.timeSeconds(v.values, n, seconds);
  const kept = like ? offsetsOf(like[0], like[1], at) : 0;
  const times = new Float64Array(memory.buffer, seconds, n);
  const before = new Int32Array(memory.buffer, kept, like ? n : 0);
  const found = new Int32Array(memory.buffer, offsets, n);
  const known = v.validity === 0 ? null : new Uint8Array(memory.buffer, v.validity, bitmapBytes(n));
  const local = type.kind !== 'timestamp';
  for (let i = 0; i < n; ++i) {
    const isKnown = known === null || ((known[i >> 3]! >> (i & 7)) & 1) !== 0; // at null rows stands anything
    if (!isKnown) found[i] = 0;
    else if (local) found[i] = zone.offsetOf(times[i]!);
    else if (like && zone.offsetOf(times[i]! - before[i]!) === before[i]!) found[i] = before[i]!;
    else found[i] = zone.offsetOfLocal(times[i]!);
  }
  return fn.timeMove(v.values, offsets, local ? 1 : -1, n, out) > 0 ? null : plain(type, n, out, v.validity);
}

/** The offsets of instants, as int32 seconds. */
export function offsetsOf(instants: Vector, local: Vector, at: Evaluation): Pointer {
  const { fn, scratch } = at.kernels;
  const out = scratch.alloc(at.rows * 4);
  const shift = between(local, instants, LONG, at);
  fn.timeUnits(shift.values, at.rows, SECOND, shift.values);
  fn.convertI64I32(shift.values, at.rows, out);
  return out;
}

/** The local times of a timestamp (once a batch, whoever asks), or a local time itself. */
export function localTimes(e: Bound, zone: string | undefined, at: Evaluation): Vector {
  if (e.type.kind !== 'timestamp') return at.flat(e);
  return at.flat({ kind: 'call', fn: 'cast', args: [e], type: TIMESTAMP_NTZ, zone: zone ?? 'UTC' });
}

/** Local times as instants, or instants as local times, if the type is not the same; `like`: whose offsets are kept. */
export function momentsOf(
  times: Vector | null, type: DataType, zone: string | undefined, at: Evaluation, like?: readonly [Vector, Vector],
): Vector | null {
  if (times === null || times.type.kind === type.kind) return times;
  return inZone(times, type, zone ?? 'UTC', at, like);
}

/** Whole numbers times a factor, in int64; null: some do not fit. */
export function scaled(v: Vector, factor: bigint, type: DataType, at: Evaluation): Vector | null {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const odd = at.kernels.fn.timeScale(v.values, Number(v.layout === 'i64'), at.rows, factor, out);
  return odd > 0 ? null : plain(type, at.rows, out, v.validity);
}

/** The days of local times. */
export function daysOf(local: Vector, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.timeDays(local.values, at.rows, 0n, DAY, out);
  return plain(DATE, at.rows, out, local.validity);
}

/** Seconds of any number type as times; null where there is no kernel, or some do not fit. */
export function timesOfSeconds(e: Bound, type: DataType, at: Evaluation): Vector | null {
  const from = e.type;
  const { fn, scratch } = at.kernels;
  const n = at.rows;
  switch (from.kind) {
    case 'byte': case 'short': case 'int': case 'long': return scaled(at.flat(e), SECOND, type, at);
    case 'decimal': {
      if (from.precision > 18) return null;
      const v = at.flat(e);
      if (from.scale <= 6) return scaled(v, power10(6 - from.scale), type, at);
      const out = scratch.alloc(n * 8);
      fn.timeShrink(v.values, n, power10(from.scale - 6), out);
      return plain(type, n, out, v.validity);
    }
    case 'float': case 'double': {
      const v = at.flat(from.kind === 'double' ? e : { kind: 'call', fn: 'cast', args: [e], type: DOUBLE });
      const out = scratch.alloc(n * 8);
      const known = bitmap(at.kernels, n);
      fn.timeOfNumbers(v.values, n, out, known);
      return plain(type, n, out, bothKnown(at.kernels, n, v.validity, known));
    }
    default: return null;
  }
}

/** Casts between dates, instants and local times, and from numbers to instants; null where there is no kernel. */
export function castMoments(e: Bound, to: DataType, zone: string | undefined, at: Evaluation): Vector | null {
  const from = e.type.kind;
  const moment = from === 'timestamp' || from === 'timestamp_ntz';
  switch (to.kind) {
    case 'date': return moment ? daysOf(localTimes(e, zone, at), at) : null;
    case 'timestamp_ntz':
      if (from === 'timestamp') return inZone(at.flat(e), to, zone ?? 'UTC', at);
      return from === 'date' ? scaled(at.flat(e), DAY, to, at) : null;
    case 'timestamp':
      if (from === 'date') return momentsOf(scaled(at.flat(e), DAY, TIMESTAMP_NTZ, at), to, zone, at);
      return from === 'timestamp_ntz' ? inZone(at.flat(e), to, zone ?? 'UTC', at) : timesOfSeconds(e, to, at);
    default: return null;
  }
}

type TwoTimes = (a: Pointer, b: Pointer, out: Pointer) => number | void;

/** A vector of int64 made of two columns; null: some results do not fit. */
export function combined(a: Vector, b: Vector, type: DataType, at: Evaluation, run: TwoTimes): Vector | null {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const odd = run(a.values, b.values, out);
  return odd ? null : plain(type, at.rows, out, bothKnown(at.kernels, at.rows, a.validity, b.validity));
}

/** Microseconds between two times. */
export function between(a: Vector, b: Vector, type: DataType, at: Evaluation): Vector {
  return combined(a, b, type, at, (x, y, out) => at.kernels.fn.arithI64(1, x, y, 0, at.rows, out))!;
}

/** What times have more than a multiple of a unit. */
export function remainders(v: Vector, unit: bigint, at: Evaluation, type: DataType = LONG): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.timeBelow(v.values, at.rows, unit, out);
  return plain(type, at.rows, out, v.validity);
}
