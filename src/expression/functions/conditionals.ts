import {
  BINARY, BOOLEAN, BYTE, DATE, DOUBLE, FLOAT, INT, LONG, SHORT, STRING, TIMESTAMP, decimal, isIntegral, isNumeric,
  sqlTypeName, type DataType,
} from '../../data/types.js';
import type { Binder } from '../binder.js';
import type { Bound } from '../bound.js';
import { wrongType } from '../coerce.js';
import type { FunctionSpec } from './contract.js';
import { choose, coalesce, compare } from './operators.js';

const casting = (name: string, type: DataType): FunctionSpec => ({
  name, takes: ['any'], bind: ([x], b) => b.cast(x!, type),
  doc: `The value as ${sqlTypeName(type)}, as CAST gives it.`, example: `${name}(x)`,
});

/** TRY_CAST: a cast that gives null where CAST would wrap or cut off. */
export function tryCast(e: Bound, type: DataType, b: Binder): Bound {
  const plain = b.cast(e, type); // Throws where there is no cast at all.
  const from = e.type;
  const fromDate = from.kind === 'date' && (isNumeric(type) || type.kind === 'boolean');
  const truth = (from.kind === 'timestamp' && type.kind === 'boolean') || (from.kind === 'boolean' && type.kind === 'timestamp');
  if (fromDate || truth) {
    throw wrongType(`there is no TRY_CAST from ${sqlTypeName(from)} to ${sqlTypeName(type)}`);
  }
  const fractional = from.kind === 'float' || from.kind === 'double';
  const differs = (isIntegral(type) && from.kind !== 'boolean' && from.kind !== 'null')
    || (type.kind === 'timestamp' && fractional);
  return differs && plain.kind === 'call' ? b.call('try_cast', [e], type) : plain;
}

/** NVL and IFNULL are COALESCE of two. */
const nvl = (name: string): FunctionSpec => ({
  name, takes: ['any', 'any'], bind: coalesce,
  doc: 'The first value, or the second where it is null.', example: `${name}(x, 0)`,
});

/** DECODE(value, search, result, …, default) is a CASE by <=>; with two arguments it reads bytes as text. */
function decode(args: readonly Bound[], b: Binder): Bound {
  if (args.length === 2) {
    const [bytes, charset] = [b.coerce(args[0]!, BINARY), b.coerce(args[1]!, STRING)];
    if (bytes === null || charset === null) throw wrongType('decode(bytes, charset) takes binary and string');
    return b.call('decode', [bytes, charset], STRING);
  }
  const branches: [Bound, Bound][] = [];
  let i = 1;
  for (; i + 1 < args.length; i += 2) branches.push([compare('<=>', args[0]!, args[i]!, b), args[i + 1]!]);
  return choose(branches, args[i] ?? null, b);
}

/** Choices, null tests, casts by name. */
export const conditionals: readonly FunctionSpec[] = [
  {
    name: 'coalesce', takes: ['any'], variadic: true, bind: coalesce,
    doc: 'The first value that is not null.',
    example: 'coalesce(a, b, 0)',
  },
  nvl('nvl'), nvl('ifnull'),
  {
    name: 'nvl2', takes: ['any', 'any', 'any'],
    bind: ([x, y, z], b) => choose([[b.call('isnotnull', [x!], BOOLEAN), y!]], z!, b),
    doc: 'The second value where the first is not null, else the third.', example: "nvl2(x, 'yes', 'no')",
  },
  {
    name: 'nullif', takes: ['any', 'any'],
    bind: ([x, y], b) => choose([[compare('=', x!, y!, b), b.nothing(x!.type)]], x!, b),
    doc: 'Null where both are equal, else the first.', example: "nullif(name, '')",
  },
  {
    name: 'if', takes: ['any', 'any', 'any'], bind: ([x, y, z], b) => choose([[x!, y!]], z!, b),
    doc: 'The second value where the condition is true, else the third.',
    example: 'if(a > b, a, b)',
  },
  {
    name: 'decode', takes: ['any', 'any'], variadic: true, bind: decode,
    doc: 'The result beside the first search value that equals the value.',
    example: "decode(code, 1, 'one', 'other')",
  },
  { name: 'isnull', takes: ['any'], gives: BOOLEAN, doc: 'Whether the value is null.', example: 'isnull(x)' },
  { name: 'isnotnull', takes: ['any'], gives: BOOLEAN, doc: 'Whether the value is not null.', example: 'isnotnull(x)' },
  {
    name: 'equal_null', takes: ['any', 'any'], bind: ([x, y], b) => compare('<=>', x!, y!, b),
    doc: 'Whether both are equal or both null.',
    example: 'equal_null(a, b)',
  },
  {
    name: 'typeof', takes: ['any'], bind: ([x], b) => b.text(sqlTypeName(x!.type)),
    doc: 'The name of the type of the value.',
    example: 'typeof(x)',
  },
  casting('boolean', BOOLEAN), casting('tinyint', BYTE), casting('smallint', SHORT), casting('int', INT),
  casting('bigint', LONG),
  casting('float', FLOAT), casting('double', DOUBLE), casting('decimal', decimal(10, 0)), casting('string', STRING),
  casting('binary', BINARY), casting('date', DATE), casting('timestamp', TIMESTAMP),
];
