import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, writeJson, type Json } from '../../src/base/lossless-json.js';

const { tie } = fc.letrec<{ tie: Json }>((self) => ({
  tie: fc.oneof({ maxDepth: 4 }, fc.constant(null), fc.boolean(), fc.double(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
    fc.string({ unit: 'binary' }), fc.array(self('tie'), { maxLength: 4 }),
    fc.array(fc.tuple(fc.oneof(fc.string(), fc.constantFrom('__proto__', '1', '0')), self('tie')), { maxLength: 4 }).map((e) => new Map(e))),
}));

describe('lossless JSON', () => {
  it('reads what it writes', () => {
    fc.assert(fc.property(tie, fc.constantFrom(0, 2), (value, indent) => {
      expect(parseJson(writeJson(value, indent))).toEqual(value);
    }));
  });
  it('reads what JSON.stringify writes', () => {
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const plain = (json: Json): unknown =>
        json instanceof Map ? Object.fromEntries([...json].map(([k, v]) => [k, plain(v as Json)]))
        : Array.isArray(json) ? json.map(plain) : typeof json === 'bigint' ? Number(json) : json;
      expect(plain(parseJson(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }));
  });
  it('keeps integers, the order of keys, special numbers', () => {
    const text = '{"b":9007199254740993,"10":-0.0,"2":[NaN,-Infinity,1.0E10],"__proto__":{}}';
    expect(writeJson(parseJson(text))).toBe(text.replace('"b"', '"b"'));
    expect(writeJson("a<b>&'=\"\u2028ü")).toBe('"a\\u003cb\\u003e\\u0026\\u0027\\u003d\\"\\u2028ü"');
  });
  it('reads comments', () => expect(parseJson('// x\n[1, /* y */ 2 # z\n]')).toEqual([1, 2]));
  it.each(['[', '{"a"}', '[1,]', '[1 2]', '"a', '"\\u12"', '"\\x"', 'nul', '1 x', '', '{"a":}', '[01]', '-', '[1.]'])('refuses %s', (text) => {
    expect(() => parseJson(text, 'that text')).toThrow(expect.objectContaining({ code: 'SYNTAX', message: expect.stringMatching(/^that text: .*offset \d+/) }));
  });
  it('refuses what is nested without end', () => expect(() => parseJson('['.repeat(1e6))).toThrow(/more than 200 levels/));
});
