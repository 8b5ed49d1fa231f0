import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../src/base/errors.js';
import { astFromJson, astToJson } from '../../src/expression/json.js';
import { parseExpression } from '../../src/expression/parse.js';
import { printAst } from '../../src/expression/print.js';
import { tree, withoutSpans } from './front/trees.js';

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (e) {
    if (e instanceof AssayError) return e.code;
    throw e;
  }
}

describe('the JSON of a syntax tree', () => {
  test('is read as the same tree, through text too', () => {
    fc.assert(fc.property(tree, (ast) => {
      const json = JSON.parse(JSON.stringify(astToJson(ast)));
      expect(withoutSpans(astFromJson(json))).toEqual(withoutSpans(ast));
      expect(astToJson(parseExpression(printAst(ast)))).toEqual(json);
    }), { numRuns: 500 });
  });

  test('is small and readable', () => {
    expect(astToJson(parseExpression('CAST(`a b` AS decimal(5,2)) > 1L'))).toEqual({
      kind: 'binary', op: '>',
      left: { kind: 'cast', tries: false, operand: { kind: 'name', parts: ['a b'] }, type: 'decimal(5,2)' },
      right: { kind: 'number', text: '1', suffix: 'L' },
    });
  });

  test('survives the deepest texts', () => {
    for (const text of [`${'- '.repeat(240)}a`, `${'NOT '.repeat(240)}a`, Array(450).fill('a').join(' + '), `${'('.repeat(240)}a${')'.repeat(240)}`,
      Array(120).fill(0).reduce((inner) => `if(a, ${inner}, b)`, 'c') as string]) {
      const ast = parseExpression(text);
      expect(withoutSpans(astFromJson(astToJson(ast)))).toEqual(withoutSpans(ast));
    }
  });

  test.each([
    [null], [1], ['a > 1'], [[]], [{}], [{ kind: 'nope' }], [{ kind: 'aggregate', index: 0 }], [{ kind: 'toString' }], [{ kind: 'name', parts: 'a' }],
    [{ kind: 'name', parts: [] }], [{ kind: 'name', parts: ['a'], more: 1 }], [{ kind: 'number', text: '1; DROP', suffix: '' }],
    [{ kind: 'number', text: '1', suffix: 'X' }], [{ kind: 'binary', op: '; ', left: null, right: null }], [{ kind: 'interval', unit: 'day', amount: 'x' }],
    [{ kind: 'logic', op: 'and', operands: [] }], [{ kind: 'case', operand: null, branches: [null], otherwise: null }],
    [{ kind: 'cast', tries: false, operand: { kind: 'constant', value: null }, type: 'int) + (1' }], [{ kind: 'string', value: '\ud800' }],
  ])('that no text stands for is refused: %j', (json) => {
    const code = codeOf(() => astFromJson(json));
    // A lone surrogate is a text like any other here; it is what UTF-8 makes of it that counts.
    expect(code).toBe(JSON.stringify(json).includes('ud800') ? 'none' : code === 'SYNTAX' ? 'SYNTAX' : 'INVALID_ARGUMENT');
  });

  test('that nests too deep is refused before it is walked', () => {
    let json: object = { kind: 'constant', value: null };
    for (let i = 0; i < 10_000; ++i) json = { kind: 'unary', op: 'not', operand: json };
    expect(codeOf(() => astFromJson(json))).toBe('INVALID_ARGUMENT');
  });

  test('of any shape is read or refused', () => {
    const value: fc.Arbitrary<unknown> = fc.oneof(fc.json().map((t) => JSON.parse(t)), tree.map((t) => {
      const json = JSON.parse(JSON.stringify(astToJson(t)));
      delete json[Object.keys(json)[1]!];
      return json;
    }));
    fc.assert(fc.property(value, (json) => ['none', 'INVALID_ARGUMENT', 'SYNTAX'].includes(codeOf(() => astFromJson(json)))), { numRuns: 500 });
  });
});
