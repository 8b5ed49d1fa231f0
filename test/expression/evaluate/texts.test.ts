import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DOUBLE, LONG, STRING } from '../../../src/data/types.js';
import { openView } from '../../../src/expression/view.js';
import { xxh64 } from '../../../src/sketches/xxh64.js';
import { batchOf, column, dictionaryColumn, kernels, plainColumn } from '../../states/batches.js';

const x = column('s', STRING);
const piece = fc.oneof(
  fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 40 }), fc.stringMatching(/^[-+]? ?\d{0,20}$/),
  fc.stringMatching(/^\d{1,9}\.\d{0,5}([eE][-+]?\d{0,2})?$/),
  fc.constantFrom('', 'true', 'false', '名', 'é', 'a'.repeat(31)),
  fc.stringMatching(/^[ \t\u00a0\u2003\u3000\u0085]{0,12}$/),
);
const text = fc.oneof(piece, fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')));
const ascii = text.map((t) => t.replaceAll(/[^\0-\x7f]/g, 'w'));
const column_ = fc.oneof(...[text, ascii].map((each) => fc.array(fc.option(each), { maxLength: 150 })));
const makes = [['plain', plainColumn], ['of a dictionary', dictionaryColumn]] as const;

/** What one reading of texts should say of them, one by one. */
function reading(texts: readonly string[]) {
  const count = (is: (t: string) => boolean) => texts.filter(is).length;
  const fractional = count((t) => /^[-+]? ?\d+(\.\d+|(\.\d+)?[Ee][-+]?\d+)$/.test(t));
  const integral = count((t) => /^[-+]? ?\d+$/.test(t));
  const boolean = count((t) => t === 'true' || t === 'false');
  const lengths = texts.map((t) => [...t].length);
  return {
    fractional, integral, boolean, string: texts.length - fractional - integral - boolean,
    empty: count((t) => t === ''), blank: count((t) => /^\p{White_Space}+$/u.test(t)),
    characters: lengths.reduce((a, b) => a + b, 0), shortest: Math.min(...lengths), longest: Math.max(...lengths),
  };
}

function registersOf(texts: readonly string[]): number[] {
  const registers = new Array<number>(512).fill(0);
  for (const t of texts) {
    const hash = BigInt.asUintN(64, xxh64(new TextEncoder().encode(t), 42n));
    const at = Number(hash >> 55n);
    const rest = BigInt.asUintN(64, (hash << 9n) | 256n).toString(2).padStart(64, '0');
    registers[at] = Math.max(registers[at]!, rest.indexOf('1') + 1);
  }
  return registers;
}

describe.each(makes)('texts, %s', (_, make) => {
  test('are read in one pass as one by one', () => {
    fc.assert(fc.property(column_, (rows) => {
      const known = rows.filter((t) => t !== null);
      fc.pre(known.length > 0);
      const view = openView(batchOf({ s: STRING }, rows.map((s) => ({ s })), make), kernels);
      try {
        const { registers, ...found } = view.texts(x, null);
        expect(found).toEqual(reading(known));
        expect([...new Uint8Array(kernels.memory.buffer, registers, 512)]).toEqual(registersOf(known));
      } finally {
        view.close();
      }
    }), { numRuns: 300 });
  });

  test('of digits alone are their numbers, however many', () => {
    const lengths = Array.from({ length: 18 }, (_, n) => '123456789098765432'.slice(0, n + 1));
    const rows = ['', '0', '9', '-', '+'].flatMap((first) => lengths.map((digits) => first + digits))
      .filter((t) => t.replace(/\D/g, '').length <= 18);
    const view = openView(batchOf({ s: STRING }, rows.map((s) => ({ s })), make), kernels);
    try {
      const cast = (type: typeof LONG | typeof DOUBLE) => ({ kind: 'call', fn: 'cast', args: [x], type }) as const;
      const longs = view.values(cast(LONG), null);
      expect([...new BigInt64Array(kernels.memory.buffer, longs.values, longs.count)])
        .toEqual(rows.map((t) => BigInt(t.replace('+', ''))));
      const doubles = view.values(cast(DOUBLE), null);
      expect([...new Float64Array(kernels.memory.buffer, doubles.values, doubles.count)])
        .toEqual(rows.map(Number));
    } finally {
      view.close();
    }
  });

  test('that hold one other byte than digits are no number', () => {
    for (const n of [1, 7, 8, 9, 15, 16]) {
      const places = Array.from({ length: n }, (_, at) => [at, n - at - 1] as const);
      const rows = ['/', ':', 'x', 'é']
        .flatMap((other) => places.map(([before, behind]) => '5'.repeat(before) + other + '5'.repeat(behind)));
      const view = openView(batchOf({ s: STRING }, rows.map((s) => ({ s })), make), kernels);
      try {
        for (const type of [LONG, DOUBLE]) {
          expect(view.known({ kind: 'call', fn: 'cast', args: [x], type }, null).count).toBe(0);
        }
      } finally {
        view.close();
      }
    }
  });
});
