import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../../src/base/errors.js';
import { parseExpression } from '../../../src/expression/parse.js';
import { printAst } from '../../../src/expression/print.js';
import { tree, withoutSpans } from './trees.js';

const shape = (text: string) => withoutSpans(parseExpression(text));
const same = (a: string, b: string) => expect(shape(a)).toEqual(shape(b));

function failure(text: string): AssayError {
  try {
    parseExpression(text);
  } catch (e) {
    if (e instanceof AssayError) return e;
    throw e;
  }
  throw new Error(`'${text}' was parsed`);
}

describe('precedence is that of Spark', () => {
  test.each([
    ['a OR b AND NOT c = d', 'a OR (b AND (NOT (c = d)))'],
    ['1 + 2 * 3 - 4', '(1 + (2 * 3)) - 4'],
    ['a | b ^ c & d + e', 'a | (b ^ (c & (d + e)))'],
    ['-a * b', '(-a) * b'],
    ['a = b IS NULL', '(a = b) IS NULL'],
    ['1 = 1 = true', '(1 = 1) = true'],
    ['!a = b', 'NOT (a = b)'],
    ['x BETWEEN 1 AND 2 = y', 'x BETWEEN 1 AND (2 = y)'],
    ['a || b = c', '(a || b) = c'],
    ['a div b % c', '(a DIV b) % c'],
    ['a AND b AND c OR d', '(a AND b AND c) OR d'],
    ['a != b', 'a <> b'],
    ['a == b', 'a = b'],
    ['a !> b', 'a <= b'],
  ])('%s', same);

  test('parentheses around a chain keep it apart', () => {
    expect(shape('(a AND b) AND c')).not.toEqual(shape('a AND b AND c'));
  });
});

describe('tokens', () => {
  test('comments, nested too, are left out', () => same('a /* x /* y */ z */ > -- end\n 1', 'a > 1'));
  test.each([
    ["'it\\'s'", "it's"], ["'a' 'b'", 'ab'], ["'it''s'", 'its'], ['"x"', 'x'], ["r'\\d'", '\\d'], ["'\\u0041\\101\\n\\%'", 'AA\n\\%'],
    ["'\\U0001F600'", '😀'], ["'\\q'", 'q'],
  ])('string %s', (text, value) => expect(shape(text)).toEqual({ kind: 'string', value }));
  test.each([
    ['1', '1', ''], ['1L', '1', 'L'], ['1s', '1', 'S'], ['2Y', '2', 'Y'], ['1.5bd', '1.5', 'BD'], ['.5', '.5', ''], ['5.', '5.', ''],
    ['1e5', '1e5', ''], ['1e-5D', '1e-5', 'D'], ['-3F', '-3', 'F'], ['- 7', '-7', ''],
  ])('number %s', (text, digits, suffix) => expect(shape(text)).toEqual({ kind: 'number', text: digits, suffix }));
  test.each([['`a``b`.c', ['a`b', 'c']], ['1st', ['1st']], ['_x1', ['_x1']], ['date', ['date']], ['case', ['case']]])(
    'name %s', (text, parts) => expect(shape(text)).toEqual({ kind: 'name', parts }));
  test('a minus before a number is part of it, between values it is an operator', () => {
    expect(shape('a -1')).toEqual(shape('a - 1'));
    expect(shape('-(1)')).not.toEqual(shape('-1'));
  });
});

test('words of queries are names where an operator follows', () => {
  same('(select IS NOT NULL) AND (`with` > 1)', '`select` IS NOT NULL AND with > 1');
});

describe('forms that are calls', () => {
  test.each([
    ["trim(both 'x' from s)", "trim('x', s)"], ["trim(leading 'x' from s)", "ltrim('x', s)"],
    ['trim(trailing from s)', 'rtrim(s)'], ["position('b' in s)", "position('b', s)"], ['substring(s from 2 for 3)', 'substring(s, 2, 3)'],
    ['substr(s, 2)', 'substring(s, 2)'], ["s LIKE ANY ('a', 'b')", "s LIKE 'a' OR s LIKE 'b'"], ["s NOT LIKE ALL ('a', 'b')", "s NOT LIKE 'a' AND s NOT LIKE 'b'"],
  ])('%s', same);
  test.each([
    ["INTERVAL '1 day 2 hours'", 'microsecond', '93600000000'], ['INTERVAL 2 WEEKS', 'day', '14'], ["INTERVAL '1-2' YEAR TO MONTH", 'month', '14'],
    ["INTERVAL -'1 02:03:04.5' DAY TO SECOND", 'microsecond', '-93784500000'], ["INTERVAL '-3' MONTH", 'month', '-3'], ['interval 1 year 1 month', 'month', '13'],
  ])('%s', (text, unit, amount) => expect(shape(text)).toEqual({ kind: 'interval', unit, amount }));
});

describe('errors show the place', () => {
  test('line, column and carets', () => {
    expect(failure('a = 1\n  AND b = = 2').message).toBe("expected a value, found '=' (line 2, column 11)\n    AND b = = 2\n            ^");
    expect(failure('rid > 1 AND "x').message).toContain('the string is not closed (line 1, column 13)');
    expect(failure('naïve > 1').message).toContain("unexpected character 'ï'; a name with such letters must stand in backticks");
    expect(failure('cast(a as strng)').message).toContain("there is no type 'strng'; did you mean 'string'?");
    expect(failure('a IS NULL IS NULL').code).toBe('SYNTAX');
  });
  test.each([
    ['a IN (SELECT 1)', 'a subquery'], ['EXISTS (SELECT 1)', 'a subquery'], ['sum(a) OVER (PARTITION BY b)', 'the window function sum(…) OVER'],
    ['transform(a, x -> x + 1)', 'a lambda function'], ['(a, b) = (1, 2)', 'a row of values'],
  ])('%s is refused by name', (text, name) => {
    expect(failure(text).code).toBe('UNSUPPORTED');
    expect(failure(text).message).toContain(name);
  });
  test('what nests too deep is refused, long flat texts are not', () => {
    expect(failure('('.repeat(5000)).code).toBe('UNSUPPORTED');
    expect(failure(`${'- '.repeat(4000)}a`).code).toBe('UNSUPPORTED');
    expect(failure(Array(3000).fill('a').join(' + ')).code).toBe('UNSUPPORTED');
    expect(failure(Array(100).fill(0).reduce((inner) => `(${inner}${' + a'.repeat(20)})`, 'a') as string).code).toBe('UNSUPPORTED');
    expect(parseExpression(Array(450).fill('a').join(' + ')).kind).toBe('binary');
    expect(parseExpression(Array(20000).fill('a = 1').join(' OR ')).kind).toBe('logic');
    expect(parseExpression(`a IN (${Array(20000).fill('1').join(',')})`).kind).toBe('in');
  });
});

describe('laws', () => {
  test('what is printed parses to the same tree', () => {
    fc.assert(fc.property(tree, (ast) => {
      const [again, before] = [parseExpression(printAst(ast)), ast].map((t) => JSON.stringify(withoutSpans(t)));
      return again === before;
    }), { numRuns: 1000 });
  });

  const piece = fc.constantFrom('a', '(', ')', "'", '`', 'NOT', 'and', 'CASE', 'when', 'END', '1', '.', '5e', '-', '[', ']', ',', 'between', 'in', 'interval',
    "'x'", 'cast', 'as', 'array<', '>', 'is', 'distinct from', '/*', '*/', '--', '\n', 'like', 'escape', '::', '->', '\\', 'é', '\u0000', 'count(*)', 'trim(', 'both');
  test('any text parses or is refused with a code', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(piece, { maxLength: 20 }).map((p) => p.join(' ')), fc.array(piece, { maxLength: 12 }).map((p) => p.join('')));
    fc.assert(fc.property(texts, (text) => {
      try {
        const ast = parseExpression(text);
        const [again, before] = [parseExpression(printAst(ast)), ast].map((t) => JSON.stringify(withoutSpans(t)));
        return ast.span[1] <= text.length && again === before;
      } catch (e) {
        return e instanceof AssayError && ['SYNTAX', 'UNSUPPORTED'].includes(e.code);
      }
    }), { numRuns: 2000 });
  });

  test('a tree is its own JSON', () => {
    fc.assert(fc.property(tree, (ast) => {
      expect(JSON.parse(JSON.stringify(ast))).toEqual(ast);
    }), { numRuns: 50 });
  });
});
