import { DATE, DOUBLE, LONG, TIMESTAMP_NTZ, type DataType } from '../../data/types.js';
import type { Pointer, Vector } from '../batch-view.js';
import type { Bound } from '../bound.js';
import { DAY, SECOND } from './calendar.js';
import type { Evaluation } from './evaluation.js';
import { bitmap, bitmapBytes, bothKnown, plain } from './vectors.js';
import { microsOf } from './wide-columns.js';
import { fixedShift, zoneOf } from './zones.js';

/**
 * Instants as local times, which wrap, or local times as instants, null where they do not fit. `like`: instants and their local
 * times, whose offsets are kept where they are possible, which matters where clocks are set back.
 */
function inZone(v: Vector, type: DataType, name: string, at: Evaluation, like?: readonly [Vector, Vector]): Vector {
  if (fixedShift(name) === 0n) return { ...v, type };
  const { fn, scratch, memory } = at.kernels;
  const n = at.rows;
  const zone = zoneOf(name);
  const seconds = scratch.alloc(n * 8);
  const offsets = scratch.alloc(n * 4);
  const out = scratch.alloc(n * 8);
  const fits = bitmap(at.kernels, n);
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
  fn.timeMove(v.values, offsets, local ? 1 : -1, n, out, fits);
  return plain(type, n, out, local ? v.validity : bothFit(v.validity, fits, at));
}

/** The known rows of which a result fits. */
export function bothFit(validity: Pointer, fits: Pointer, at: Evaluation): Pointer {
  return at.kernels.fn.bitsCount(fits, at.rows) === at.rows ? validity : bothKnown(at.kernels, at.rows, validity, fits);
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
  times: Vector, type: DataType, zone: string | undefined, at: Evaluation, like?: readonly [Vector, Vector],
): Vector {
  if (times.type.kind === type.kind) return times;
  return inZone(times, type, zone ?? 'UTC', at, like);
}

/** Whole numbers times a factor, in int64; null where they do not fit. */
export function scaled(v: Vector, factor: bigint, type: DataType, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const fits = bitmap(at.kernels, at.rows);
  at.kernels.fn.timeScale(v.values, Number(v.layout === 'i64'), at.rows, factor, out, fits);
  return plain(type, at.rows, out, bothFit(v.validity, fits, at));
}

/** The same, clipped to what fits. */
function clipped(v: Vector, factor: bigint, type: DataType, at: Evaluation): Vector {
  const times = scaled(v, factor, type, at);
  if (times.validity === v.validity) return times;
  const { memory } = at.kernels;
  const signs = new Int32Array(memory.buffer, v.values, at.rows * 2); // only longs do not fit
  const out = new Int32Array(memory.buffer, times.values, at.rows * 2);
  const fits = new Uint8Array(memory.buffer, times.validity, bitmapBytes(at.rows));
  for (let i = 0; i < at.rows; ++i) {
    if ((fits[i >> 3]! >> (i & 7)) & 1) continue;
    const negative = signs[2 * i + 1]! < 0;
    out[2 * i] = negative ? 0 : -1;
    out[2 * i + 1] = negative ? -0x80000000 : 0x7fffffff;
  }
  return { ...times, validity: v.validity };
}

/** The days of local times. */
export function daysOf(local: Vector, at: Evaluation): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 4);
  at.kernels.fn.timeDays(local.values, at.rows, 0n, DAY, out);
  return plain(DATE, at.rows, out, local.validity);
}

/** Microseconds of seconds in floating point, clipped to what fits; null where they are no number. */
export function timesOfFloats(e: Bound, type: DataType, at: Evaluation): Vector {
  const v = at.flat(e.type.kind === 'double' ? e : { kind: 'call', fn: 'cast', args: [e], type: DOUBLE });
  const out = at.kernels.scratch.alloc(at.rows * 8);
  const known = bitmap(at.kernels, at.rows);
  at.kernels.fn.timeOfNumbers(v.values, at.rows, out, known);
  return plain(type, at.rows, out, bothKnown(at.kernels, at.rows, v.validity, known));
}

/** Casts to dates, instants and local times from each other, to instants from numbers too; null: there is no such cast. */
export function castMoments(e: Bound, to: DataType, zone: string, at: Evaluation): Vector | null {
  const from = e.type.kind;
  const moment = from === 'timestamp' || from === 'timestamp_ntz';
  switch (to.kind) {
    case 'date': return moment ? daysOf(localTimes(e, zone, at), at) : null;
    case 'timestamp_ntz':
      if (from === 'timestamp') return inZone(at.flat(e), to, zone, at);
      return from === 'date' ? { ...scaled(at.flat(e), DAY, to, at), validity: at.flat(e).validity } : null;
    case 'timestamp': return castToInstants(e, to, zone, at);
    default: return null;
  }
}

function castToInstants(e: Bound, to: DataType, zone: string, at: Evaluation): Vector | null {
  switch (e.type.kind) {
    case 'date': return momentsOf(scaled(at.flat(e), DAY, TIMESTAMP_NTZ, at), to, zone, at);
    case 'timestamp_ntz': return inZone(at.flat(e), to, zone, at);
    case 'boolean': return { ...at.flat({ kind: 'call', fn: 'cast', args: [e], type: LONG }), type: to };
    case 'byte': case 'short': case 'int': case 'long': return clipped(at.flat(e), SECOND, to, at);
    case 'decimal': return microsOf(at.flat(e), to, at);
    case 'float': case 'double': return timesOfFloats(e, to, at);
    default: return null;
  }
}

/** A vector of int64 made of two columns. */
export function combined(
  a: Vector, b: Vector, type: DataType, at: Evaluation, run: (a: Pointer, b: Pointer, out: Pointer) => void,
): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  run(a.values, b.values, out);
  return plain(type, at.rows, out, bothKnown(at.kernels, at.rows, a.validity, b.validity));
}

/** The same, null where the result does not fit. */
export function combinedIfFit(
  a: Vector, b: Vector, type: DataType, at: Evaluation, run: (a: Pointer, b: Pointer, out: Pointer, fits: Pointer) => void,
): Vector {
  const fits = bitmap(at.kernels, at.rows);
  const result = combined(a, b, type, at, (x, y, out) => run(x, y, out, fits));
  return { ...result, validity: bothFit(result.validity, fits, at) };
}

/** Microseconds between two times. */
export function between(a: Vector, b: Vector, type: DataType, at: Evaluation): Vector {
  return combined(a, b, type, at, (x, y, out) => at.kernels.fn.arithI64(1, x, y, 0, at.rows, out));
}

/** What times have more than a multiple of a unit. */
export function remainders(v: Vector, unit: bigint, at: Evaluation, type: DataType = LONG): Vector {
  const out = at.kernels.scratch.alloc(at.rows * 8);
  at.kernels.fn.timeBelow(v.values, at.rows, unit, out);
  return plain(type, at.rows, out, v.validity);
}
