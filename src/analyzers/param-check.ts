import { AssayError } from '../base/errors.js';
import type { ParamKind } from './params.js';

/** Throws if a parameter does not hold what its kind says; numbers out of range are the preconditions' to judge. */
export function checkParam(analyzer: string, name: string, kind: ParamKind, value: unknown): void {
  const wanted = WANTED[kind];
  if (wanted === undefined || wanted.holds(value)) return;
  const given = typeof value === 'string' ? `'${value}'` : String(value);
  throw new AssayError('INVALID_ARGUMENT', `${analyzer}: ${name} must be ${wanted.text}, not ${given}`);
}

interface Wanted {
  readonly text: string;
  holds(value: unknown): boolean;
}

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const listOf = (holds: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(holds);
const orNull = ({ text, holds }: Wanted): Wanted => ({ text, holds: (value) => value === null || holds(value) });

const text: Wanted = { text: 'a text', holds: isText };
const whole: Wanted = { text: 'a whole number', holds: Number.isInteger };
const numbers: Wanted = { text: 'a list of numbers', holds: listOf(isNumber) };
const fn: Wanted = { text: 'a function', holds: (value) => typeof value === 'function' };

const WANTED: Readonly<Partial<Record<ParamKind, Wanted>>> = {
  column: text,
  text,
  predicate: text,
  where: orNull({ text: 'a predicate in a text', holds: isText }),
  columns: { text: 'a list of column names', holds: listOf(isText) },
  int: whole,
  'optional-int': orNull(whole),
  double: { text: 'a number', holds: isNumber },
  doubles: numbers,
  'optional-doubles': orNull(numbers),
  boolean: { text: 'true or false', holds: (value) => typeof value === 'boolean' },
  function: fn,
  'optional-function': orNull(fn),
  options: orNull({ text: 'made of nullBehavior and filteredRow as Deequ knows them', holds: isOptions }),
};

function isOptions(value: unknown): boolean {
  const { nullBehavior, filteredRow } = value as Record<string, string>;
  return ['Ignore', 'EmptyString', 'Fail'].includes(nullBehavior!) && ['NULL', 'TRUE'].includes(filteredRow!);
}
