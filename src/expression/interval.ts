import type { Ast, IntervalAst } from './ast.js';
import type { Cursor } from './cursor.js';

/** Microseconds of a unit, and months of a unit. */
const MICROS: Readonly<Record<string, bigint>> = {
  week: 604_800_000_000n, day: 86_400_000_000n, hour: 3_600_000_000n, minute: 60_000_000n, second: 1_000_000n,
  millisecond: 1000n, microsecond: 1n,
};
const MONTHS: Readonly<Record<string, bigint>> = { year: 12n, month: 1n };
const RANGES: Readonly<Record<string, readonly [pattern: RegExp, units: readonly string[]]>> = {
  'year to month': [/^(\d+)-(\d+)$/, ['year', 'month']],
  'day to hour': [/^(\d+) +(\d+)$/, ['day', 'hour']],
  'day to minute': [/^(\d+) +(\d+):(\d+)$/, ['day', 'hour', 'minute']],
  'day to second': [/^(\d+) +(\d+):(\d+):(\d+(?:\.\d{1,9})?)$/, ['day', 'hour', 'minute', 'second']],
  'hour to minute': [/^(\d+):(\d+)$/, ['hour', 'minute']],
  'hour to second': [/^(\d+):(\d+):(\d+(?:\.\d{1,9})?)$/, ['hour', 'minute', 'second']],
  'minute to second': [/^(\d+):(\d+(?:\.\d{1,9})?)$/, ['minute', 'second']],
};

interface Part {
  readonly value: string;
  readonly unit: string;
}

/** Reads INTERVAL 3 DAYS, INTERVAL '1 day 2 hours', INTERVAL '1-2' YEAR TO MONTH; null: the word is a name here. */
export function readInterval(cursor: Cursor): Ast | null {
  const signed = cursor.at('-', 1) || cursor.at('+', 1);
  const first = cursor.peek(signed ? 2 : 1);
  if (first.kind !== 'number' && first.kind !== 'string') return null;
  const word = cursor.peek(signed ? 3 : 2);
  const unit = word.kind === 'word' ? unitOf(word.text) : null;
  if (first.kind === 'number' && unit === null) return null;
  const { start } = cursor.next();
  if (first.kind === 'string' && unit === null) return readText(cursor, start);
  if (cursor.at('to', signed ? 3 : 2)) return readRange(cursor, start);
  const parts: Part[] = [];
  for (let more = true; more; more = continues(cursor)) {
    const sign = readSign(cursor);
    const value = cursor.next().text.trim();
    parts.push({ value: negate(value, sign), unit: unitOf(cursor.next().text)! });
  }
  return total(cursor, start, parts);
}

/** Whether another value with its unit follows. */
function continues(cursor: Cursor): boolean {
  const signed = cursor.at('-') || cursor.at('+');
  const { kind } = cursor.peek(signed ? 1 : 0);
  const unit = cursor.peek(signed ? 2 : 1);
  return (kind === 'number' || kind === 'string') && unit.kind === 'word' && unitOf(unit.text) !== null;
}

function readText(cursor: Cursor, start: number): Ast {
  const sign = readSign(cursor);
  const token = cursor.next();
  const parts: Part[] = [];
  let rest = token.text.trim().replace(/^interval\s+/i, '');
  while (rest !== '') {
    const m = /^([-+]?\s*\d*\.?\d+)\s*([a-z]+)(?:\s+|$)/i.exec(rest);
    const unit = m === null ? null : unitOf(m[2]!);
    if (m === null || unit === null) {
      throw cursor.error([token.start, token.end], `'${rest}' is no part of an interval, as 2 days is`);
    }
    parts.push({ value: negate(m[1]!.replace(/\s/g, ''), sign), unit });
    rest = rest.slice(m[0].length);
  }
  if (parts.length === 0) throw cursor.error([token.start, token.end], 'the interval is empty');
  return total(cursor, start, parts);
}

function readRange(cursor: Cursor, start: number): Ast {
  const sign = readSign(cursor);
  const token = cursor.next();
  const from = unitOf(cursor.next().text)!;
  cursor.expect('to');
  const range = `${from} to ${unitOf(cursor.next().text) ?? ''}`;
  const found = Object.hasOwn(RANGES, range) ? RANGES[range] : undefined;
  if (found === undefined) throw cursor.error([token.start, token.end], 'there is no interval of these two units');
  const m = /^\s*([-+]?)\s*(.*?)\s*$/.exec(token.text)!;
  const values = found[0].exec(m[2]!);
  if (values === null) {
    throw cursor.error([token.start, token.end], `'${token.text}' is not of the form ${range.toUpperCase()}`);
  }
  const negative = (m[1] === '-') !== (sign === '-');
  const parts = found[1].map((unit, i) => ({ unit, value: negate(values[i + 1]!, negative ? '-' : '') }));
  return total(cursor, start, parts);
}

function readSign(cursor: Cursor): string {
  if (cursor.take('-')) return '-';
  cursor.take('+');
  return '';
}

function negate(value: string, sign: string): string {
  const plain = value.replace(/^\+/, '');
  if (sign !== '-') return plain;
  return plain.startsWith('-') ? plain.slice(1) : `-${plain}`;
}

function unitOf(word: string): string | null {
  const unit = word.toLowerCase().replace(/s$/, '');
  return Object.hasOwn(MICROS, unit) || Object.hasOwn(MONTHS, unit) ? unit : null;
}

function total(cursor: Cursor, start: number, parts: readonly Part[]): Ast {
  const problem = (text: string) => cursor.error([start, cursor.peek().start], text);
  let sum = 0n;
  const months = Object.hasOwn(MONTHS, parts[0]!.unit);
  for (const { value, unit } of parts) {
    if (Object.hasOwn(MONTHS, unit) !== months) {
      throw problem('an interval has years and months, or days and times, not both');
    }
    const m = /^(-?)(\d*)(?:\.(\d+))?$/.exec(value);
    if (m === null || (m[3] !== undefined && unit !== 'second')) throw problem(`'${value}' is no number of ${unit}s`);
    const whole = BigInt(m[2] || '0') * (months ? MONTHS[unit]! : MICROS[unit]!);
    const size = whole + BigInt((m[3] ?? '').slice(0, 6).padEnd(6, '0'));
    sum += m[1] === '-' ? -size : size;
  }
  const limit = months ? 0x7fff_ffffn : 0x7fff_ffff_ffff_ffffn;
  if (sum > limit || sum < -limit - 1n) throw problem('the interval is out of range');
  const days = parts.every((p) => p.unit === 'day' || p.unit === 'week');
  return cursor.make<IntervalAst>(start, {
    kind: 'interval',
    unit: months ? 'month' : days ? 'day' : 'microsecond',
    amount: String(days ? sum / MICROS['day']! : sum),
  });
}
