import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { DOUBLE, INT, LONG, STRING } from '../../src/data/types.js';
import { binsOptions } from '../../src/states/bins.js';
import { decodeState, encodeState, requestHash, stateHeader } from '../../src/states/codec.js';
import { defineState, type FieldValue, type RecordSpec, type Request } from '../../src/states/contract.js';
import { stateSpecs } from '../../src/states/index.js';
import { ask, column, stateOf } from './batches.js';

interface Everything {
  readonly count: number;
  readonly big: bigint;
  readonly float: number;
  readonly floats: Float64Array;
  readonly raw: Uint8Array;
  readonly value: FieldValue;
}

const everything = defineState<null, Everything>({
  name: 'everything',
  version: 3,
  law: 'exact',
  fields: { count: 'count', big: 'i128', float: 'f64', floats: 'f64s', raw: 'bytes', value: 'value' },
  open: () => ({ add() {}, finish: () => sample, bytes: 0, close() {} }),
  merge: (a) => a,
});
const sample: Everything =
  { count: 5, big: -1n, float: 1.5, floats: Float64Array.of(1), raw: Uint8Array.of(7), value: 'é' };
const request: Request<null> = ask(everything, [column('x', INT)], null);

/** The bytes with a checksum that fits what was changed in them. */
function resealed(bytes: Uint8Array): Uint8Array {
  let h = 0x811c9dc5;
  for (const byte of bytes.subarray(0, -4)) h = Math.imul(h ^ byte, 0x01000193);
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(copy.length - 4, h >>> 0, true);
  return copy;
}

/** What decoding says, if it refuses. */
function refusal(bytes: Uint8Array, spec: RecordSpec<any, any> = everything, of: Request = request): string | null {
  try {
    decodeState(spec, of, bytes);
    return null;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AssayError);
    expect((thrown as AssayError).code).toBe('STATE');
    return (thrown as AssayError).message;
  }
}

describe('the codec of record states', () => {
  test('the layout is as drawn', () => {
    const hash = new DataView(new ArrayBuffer(8));
    hash.setBigUint64(0, requestHash(request), true);
    const bytes = encodeState(everything, request, sample);
    expect([...bytes.subarray(0, -4)]).toEqual([
      ...'ASST'.split('').map((c) => c.charCodeAt(0)), 1, 10, ...'everything'.split('').map((c) => c.charCodeAt(0)),
      3, 0,
      ...new Uint8Array(hash.buffer),
      5, 0, 0, 0, 0, 0, 0, 0,
      1, 255,
      0, 0, 0, 0, 0, 0, 0xf8, 0x3f,
      1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f,
      1, 0, 0, 0, 7,
      4, 2, 0, 0, 0, 0xc3, 0xa9,
    ]);
    expect(stateHeader(bytes)).toEqual({ name: 'everything', version: 3, request: requestHash(request) });
  });

  test('round trips', () => {
    const value = fc.oneof(
      fc.constant(null), fc.boolean(), fc.double(), fc.bigInt(), fc.string({ unit: 'grapheme' }), fc.uint8Array(),
      fc.constantFrom(-0, NaN, '\uFEFFx'),
    );
    fc.assert(fc.property(
      fc.record({
        count: fc.maxSafeNat(), big: fc.bigInt(), float: fc.double(), floats: fc.float64Array(),
        raw: fc.uint8Array(), value,
      }),
      (state) => {
        const bytes = encodeState(everything, request, state as Everything);
        expect(decodeState(everything, request, bytes)).toEqual(state);
      },
    ));
    for (const big of [0n, 127n, 128n, -128n, -129n, 2n ** 127n, -(2n ** 127n), 10n ** 45n]) {
      expect(decodeState(everything, request, encodeState(everything, request, { ...sample, big })).big).toBe(big);
    }
  });

  test('what is decoded from a Buffer is apart from it', () => {
    const buffer = Buffer.from(encodeState(everything, request, sample));
    const decoded = decodeState(everything, request, buffer);
    buffer.fill(0xff);
    expect(decoded).toEqual(sample);
  });

  test('every NaN has the same bytes', () => {
    const odd = new Float64Array(BigUint64Array.of(0xfff8000000000001n).buffer);
    expect(encodeState(everything, request, { ...sample, float: odd[0]!, floats: odd }))
      .toEqual(encodeState(everything, request, { ...sample, float: NaN, floats: Float64Array.of(NaN) }));
  });

  test('a state of another kind, version or request is refused by name', () => {
    const bytes = encodeState(everything, request, sample);
    expect(refusal(bytes, { ...everything, name: 'other' })).toMatch(/another state, everything/);
    expect(refusal(bytes, { ...everything, version: 4 })).toMatch(/version 3; this program reads version 4/);
    expect(refusal(bytes, everything, ask(everything, [column('x', LONG)], null))).toMatch(/another request/);
    expect(refusal(bytes, everything, { ...request, options: 1 as any })).toMatch(/another request/);
  });

  test('what is wrong is said with its place', () => {
    const bytes = encodeState(everything, request, sample);
    const changed = (at: number, to: number) => {
      const copy = bytes.slice();
      copy[at] = to;
      return copy;
    };
    const fields = 6 + 10 + 2 + 8;
    expect(refusal(new Uint8Array(0))).toMatch(/0 bytes/);
    expect(refusal(changed(30, 1))).toMatch(/checksum does not fit \(offset/);
    expect(refusal(resealed(changed(0, 1)))).toMatch(/does not begin like a state \(offset 0\)/);
    expect(refusal(resealed(changed(4, 2)))).toMatch(/format 2/);
    expect(refusal(resealed(changed(fields + 7, 0x7f))))
      .toMatch(new RegExp(`impossible count .* in field count \\(offset ${fields}\\)`));
    expect(refusal(resealed(changed(fields + 8, 200)))).toMatch(/ends in big, where 200 bytes/);
    expect(refusal(resealed(changed(bytes.length - 4 - 7, 9)))).toMatch(/unknown kind 9 in field value/);
    expect(refusal(resealed(changed(bytes.length - 5, 0x20)))).toMatch(/not UTF-8 in field value/);
    expect(refusal(resealed(Uint8Array.of(...bytes, 0)))).toMatch(/too many/);
    expect(refusal(resealed(bytes.subarray(0, -5)))).toMatch(/ends in value/);
  });

  test('a state that does not fit its fields is not written', () => {
    const wrongs: any[] = [{ count: -1 }, { count: 0.5 }, { big: 1 }, { raw: 'x' }, { float: 1n }, { value: {} }];
    for (const wrong of wrongs) {
      expect(() => encodeState(everything, request, { ...sample, ...wrong }))
        .toThrow(/field (count|big|raw|float|value) of state everything/);
    }
  });

  test('nothing but STATE errors, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refusal(bytes)));
    fc.assert(fc.property(fc.uint8Array({ minLength: 5, maxLength: 200 }), (bytes) => void refusal(resealed(bytes))));
    for (const { spec, of, bytes } of realStates()) {
      expect(refusal(bytes, spec, of)).toBeNull();
      fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, by, cut) => {
        const copy = bytes.slice(0, cut ? at : undefined);
        if (!cut) copy[at]! ^= by;
        expect(refusal(copy, spec, of)).not.toBeNull();
        if (copy.length >= 4) refusal(resealed(copy), spec, of);
      }), { numRuns: 60 });
    }
  });
});

/** One state of each record kind, as bytes. */
function realStates() {
  const types = { x: DOUBLE, y: DOUBLE, s: STRING, l: LONG };
  const rows =
    Array.from({ length: 50 }, (_, i) => ({ x: i % 7 ? i / 3 : null, y: i * i, s: `text ${i}`, l: BigInt(i) }));
  const [x, y, s, l] = [column('x', DOUBLE), column('y', DOUBLE), column('s', STRING), column('l', LONG)];
  const of: Record<string, Request> = {
    matches: ask(stateSpecs.get('matches') as any, [], null),
    extrema: ask(stateSpecs.get('extrema') as any, [s], null),
    sums: ask(stateSpecs.get('sums') as any, [l], null),
    moments: ask(stateSpecs.get('moments') as any, [x], { order: 4 }),
    comoments: ask(stateSpecs.get('comoments') as any, [x, y], null),
    hll: ask(stateSpecs.get('hll') as any, [s], null),
    gk: ask(stateSpecs.get('gk') as any, [x], { relativeError: 0.1 }),
    kll: ask(stateSpecs.get('kll') as any, [x], { sketchSize: 4, shrinkingFactor: 0.64 }),
    classes: ask(stateSpecs.get('classes') as any, [s], null),
    frequent: ask(stateSpecs.get('frequent') as any, [s], { capacity: 20 }),
    texts: ask(stateSpecs.get('texts') as any, [s], null),
    bins: ask(stateSpecs.get('bins') as any, [x, l], binsOptions([0, 5, 10])),
  };
  return [...stateSpecs.values()].flatMap((spec) => {
    if (spec.kind !== 'record') return [];
    const request = of[spec.name]!;
    return [{ spec, of: request, bytes: encodeState(spec, request, stateOf(spec, request, types, rows)) }];
  });
}
