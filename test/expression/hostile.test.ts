import { describe, expect, test } from 'vitest';
import { expression, type Expression } from '../../src/analysis/expression.js';
import { AssayError } from '../../src/base/errors.js';
import { Check, CheckLevel } from '../../src/checks/check.js';
import { VerificationSuite } from '../../src/checks/verification-suite.js';
import { csv } from '../../src/sources/text/csv.js';

const MB = 1_000_000;
const many = (text: string, n: number) => text.repeat(n);

/** Milliseconds and what came of it: a code, or `none`. */
function timed(run: () => unknown): { code: string; message: string; ms: number } {
  const start = process.cpuUsage();
  const done = (code: string, message: string) => {
    const { user, system } = process.cpuUsage(start);
    return { code, message, ms: (user + system) / 1000 };
  };
  try {
    run();
    return done('none', '');
  } catch (e) {
    if (e instanceof AssayError) return done(e.code, e.message);
    throw e;
  }
}

/** Texts that nobody writes, and what they come to. */
const TEXTS: readonly (readonly [string, string, string])[] = [
  ['10,000 parentheses', `${many('(', 10_000)}a${many(')', 10_000)}`, 'UNSUPPORTED'],
  ['10,000 open parentheses', many('(', 10_000), 'UNSUPPORTED'],
  ['10,000 NOTs', `${many('NOT ', 10_000)}a`, 'UNSUPPORTED'],
  ['10,000 signs', `${many('- ', 10_000)}a`, 'UNSUPPORTED'],
  ['10,000 nested calls', `${many('abs(', 10_000)}a${many(')', 10_000)}`, 'UNSUPPORTED'],
  ['10,000 nested CASEs', many('CASE WHEN a THEN ', 10_000), 'UNSUPPORTED'],
  ['10,000 nested subscripts', `a${many('[a', 10_000)}`, 'UNSUPPORTED'],
  ['10,000 subscripts in a row', `a${many('[0]', 10_000)}`, 'SYNTAX'],
  ['10,000 members in a row', `(a)${many('.b', 10_000)}`, 'SYNTAX'],
  ['10,000 nested types', `CAST(a AS ${many('array<', 10_000)}int${many('>', 10_000)})`, 'UNSUPPORTED'],
  ['10,000 sums', many('a + ', 10_000) + 'a', 'UNSUPPORTED'],
  ['10,000 nested comments', `${many('/*', 10_000)} ${many('*/', 10_000)} a`, 'none'],
  ['a megabyte of blanks', `${many(' ', MB)}a`, 'none'],
  ['a megabyte of text', `a = '${many('x', MB)}'`, 'none'],
  ['a megabyte of escapes', `a = '${many('\\n', MB / 2)}'`, 'none'],
  ['a megabyte of joined texts', `a = ${many("'x' ", MB / 4)}`, 'none'],
  ['a megabyte of a name', many('x', MB), 'none'],
  ['a megabyte of a quoted name', `\`${many('``', MB / 2)}\``, 'none'],
  ['a megabyte of digits', many('1', MB), 'none'],
  ['a megabyte of ORs', many('a = 1 OR ', MB / 9) + 'a = 1', 'none'],
  ['a megabyte of IN', `a IN (${many('1,', MB / 2)}1)`, 'none'],
  ['a megabyte of WHENs', `CASE ${many('WHEN a THEN 1 ', MB / 14)}END`, 'none'],
  ['a megabyte of quotes', many("'", MB + 1), 'SYNTAX'],
  ['a megabyte of backticks', many('`', MB + 1), 'SYNTAX'],
  ['a megabyte of backslashes', `'${many('\\', MB + 1)}'`, 'SYNTAX'],
  ['a megabyte of an open comment', `a /* ${many('* ', MB / 2)}`, 'SYNTAX'],
  ['a megabyte of open comments', many('/*', MB / 2), 'SYNTAX'],
  ['a megabyte of signs that are none', many('@', MB), 'SYNTAX'],
  ['a megabyte of a name that begins like a number', many('1e', MB / 2), 'none'],
  ['a megabyte of dots', `a${many('.', MB)}`, 'SYNTAX'],
  ['nothing but NULs', many('\0', 1000), 'SYNTAX'],
  ['a lone surrogate', "a = '\ud800'", 'none'],
  ['a lone surrogate as a name', '`\udfff` = 1', 'none'],
];

describe('hostile texts', () => {
  test.each(TEXTS)('%s', (_, text, code) => {
    let e: Expression | undefined;
    const parsed = timed(() => void (e = expression(text)));
    expect(parsed.code).toBe(code);
    const bound = timed(() => e?.check('a int, b string'));
    expect(['none', 'UNKNOWN_COLUMN', 'SYNTAX', 'WRONG_TYPE', 'UNSUPPORTED']).toContain(bound.code);
    for (const { message, ms } of [parsed, bound]) {
      expect(message.length).toBeLessThan(2_000);
      expect(ms).toBeLessThan(8_000);
    }
  }, 30_000);
});

const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: i, name: i % 2 === 0 ? many('a', 500) : `${many('a', 500)}b` }));

describe('a suite with hostile constraints', () => {
  test('gives the right answers to the others, and an error to each of them', async () => {
    const catastrophic = ['(a+)+\\1c', '^(a|a)*?\\1{20}$', '(?=(a+))\\1+c$|(a*)*\\2c'];
    let check = Check(CheckLevel.Error, 'hostile').satisfies('id >= 0', 'first');
    for (const [name, text] of TEXTS.filter(([name]) => /10,000|name|digits|quotes|surrogate/.test(name))) check = check.satisfies(text, name);
    for (const pattern of catastrophic) check = check.hasPattern('name', pattern);
    for (const pattern of ['(a+)+$', '^(a|aa)+$', '(.*a){20}c', '([a-z]+)*c']) check = check.satisfies(`NOT name RLIKE '${pattern}' OR true`, pattern);
    check = check.satisfies("name LIKE '%a%a%a%a%a%a%a%a%a%a%a%c' OR true", 'like').hasSize((n) => n === 2_000).satisfies('length(name) >= 500', 'last');
    const start = process.cpuUsage();
    const result = await VerificationSuite().onData(rows).addCheck(check).run();
    const { user, system } = process.cpuUsage(start);
    const outcomes = new Map(result.checkResults().map((r) => [r.constraint, r] as const));
    const of = (part: string) => [...outcomes].filter(([text]) => text.includes(part)).map(([, r]) => r.constraint_status);
    expect(of('first')).toEqual(['Success']);
    expect(of('last')).toEqual(['Success']);
    expect(of('Size(')).toEqual(['Success']);
    expect(of('Compliance((a+)+$')).toEqual(['Success']);
    const errors = [...result.checkResults()].filter((r) => r.constraint_message.includes('step budget exceeded'));
    expect(errors.length).toBeGreaterThan(0);
    for (const { constraint_message: message } of errors) expect(message).toMatch(/row|value|pattern/);
    expect((user + system) / 1e6).toBeLessThan(60);
  }, 60_000);

  test('reads bytes that are no UTF-8 without harm', async () => {
    const bytes = Buffer.concat([Buffer.from('id,s\n1,plain\n2,'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('\n3,'), Buffer.from('né')]);
    const values = (text: string) => expression(text).evaluate(csv(bytes, { mode: 'null', schema: 'id int, s string' }));
    await expect(expression('s').evaluate(csv(bytes, { schema: 'id int, s string' }))).rejects.toThrow(/UTF-8/);
    expect(await values("s RLIKE '^[a-zé]+$'")).toEqual([true, null, true]);
  });
});
