import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AssayError } from '../../../src/base/errors.js';
import {
  BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, STRING, TIMESTAMP, decimal, sqlTypeName, type DataType, type Schema,
} from '../../../src/data/types.js';
import { boundKey } from '../../../src/expression/bound.js';
import { bindExpression } from '../../../src/expression/bind.js';
import { parseExpression } from '../../../src/expression/parse.js';
import { printAst } from '../../../src/expression/print.js';
import { printBound } from '../../../src/expression/unbind.js';
import { withoutSpans } from './trees.js';

const path = new URL('../../../../shared/golden/expressions.json', import.meta.url);

interface Case {
  readonly expression: string;
  readonly type?: string;
  readonly error?: string;
  readonly unsupported?: string;
}

/** The columns of x-expressions.parquet. */
const columns: Record<string, DataType> = {
  id: LONG, i: INT, j: INT, l: LONG, t: BYTE, d: DOUBLE, f: FLOAT, m: decimal(10, 2), s: STRING, u: STRING, n: STRING,
  b: BOOLEAN, y: DATE, ts: TIMESTAMP, 'my col': INT, 'a.b': INT, Ünïcode: STRING, select: LONG, 'back`tick': BYTE,
};
const schema: Schema = { fields: Object.entries(columns).map(([name, type]) => ({ name, type, nullable: true })) };

/** What Spark's analyzer says, and the code that stands for it here. */
const CODES: Record<string, string> = {
  PARSE_SYNTAX_ERROR: 'SYNTAX',
  UNSUPPORTED_DATATYPE: 'SYNTAX',
  UNRESOLVED_ROUTINE: 'UNKNOWN_FUNCTION',
  'UNRESOLVED_COLUMN.WITH_SUGGESTION': 'UNKNOWN_COLUMN',
  INVALID_EXTRACT_BASE_FIELD_TYPE: 'WRONG_TYPE',
  'WRONG_NUM_ARGS.WITHOUT_SUGGESTION': 'INVALID_ARGUMENT',
  MISSING_GROUP_BY: 'UNSUPPORTED',
};

describe.runIf(existsSync(path))("Spark's own results", () => {
  const cases = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] }).cases : [];

  test('every expression has the type that Spark gives it, prints and binds again', () => {
    for (const { expression, type } of cases.filter((c) => c.type !== undefined)) {
      const ast = parseExpression(expression);
      const bound = bindExpression(expression, schema);
      expect(`${expression}: ${sqlTypeName(bound.type)}`).toBe(`${expression}: ${type}`);
      expect(withoutSpans(parseExpression(printAst(ast))), expression).toEqual(withoutSpans(ast));
      expect(boundKey(bindExpression(printBound(bound), schema)), expression).toBe(boundKey(bound));
    }
  });

  test('what Spark refuses is refused, with the code that fits', () => {
    for (const { expression, error } of cases.filter((c) => c.type === undefined)) {
      let code = 'nothing';
      try {
        bindExpression(expression, schema);
      } catch (e) {
        if (!(e instanceof AssayError)) throw e;
        code = e.code;
      }
      const mismatch = error?.startsWith('DATATYPE_MISMATCH') ? 'WRONG_TYPE' : undefined;
      expect(`${expression}: ${code}`).toBe(`${expression}: ${error === undefined ? 'UNSUPPORTED' : CODES[error] ?? mismatch}`);
    }
  });
});
