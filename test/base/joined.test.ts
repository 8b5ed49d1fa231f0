import { describe, expect, it } from 'vitest';
import { collected, joined, put } from '../../src/base/joined.js';

describe('arrays one after the other', () => {
  it('are one of their kind', () => {
    expect(joined(Int32Array, [[1, -2], new Int32Array(0), Int32Array.of(3)])).toEqual(Int32Array.of(1, -2, 3));
    expect(joined(Float64Array, [Float64Array.of(-0, NaN), [0.5]])).toEqual(Float64Array.of(-0, NaN, 0.5));
    expect(joined(Uint8Array, [])).toEqual(new Uint8Array(0));
  });

  it('never lie in one of the parts', () => {
    const part = Uint8Array.of(7, 8);
    joined(Uint8Array, [part])[0] = 9;
    expect(part[0]).toBe(7);
  });

  it('need room', () => {
    const all = new Uint8Array(3);
    put(all, [[1], [2, 3]]);
    expect(all).toEqual(Uint8Array.of(1, 2, 3));
    expect(() => put(all, [[1, 2], [3, 4]])).toThrow(RangeError);
  });

  it('are collected as they come', async () => {
    const pieces = async function* () {
      yield Uint8Array.of(1, 2);
      yield Uint8Array.of(3);
    };
    expect(await collected(pieces())).toEqual(Uint8Array.of(1, 2, 3));
  });
});
