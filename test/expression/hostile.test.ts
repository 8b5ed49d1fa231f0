import { describe, expect, test } from 'vitest';
import { expression, type Expression } from '../../src/analysis/expression.js';
import { AssayError } from '../../src/base/errors.js';
import { Check, CheckLevel } from '../../src/checks/check.js';
import { VerificationSuite } from '../../src/checks/verification-suite.js';
import { csv } from '../../src/sources/text/csv.js';

const MB = 1_000_000;
const many = (text: string, n: number) => text.repeat(n);

/** Milliseconds of the processor and what came of it: a code, or `none`. */
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
  ['nothing but NULs', many('\0', 1000), 'SYNTAX'],
  ['a lone surrogate', "a = '\ud800'", 'none'],
  ['a lone surrogate as a name', '`\udfff` = 1', 'none'],
];

/** Texts of so many characters. */
const LONG_TEXTS: readonly (readonly [string, (n: number) => string, string])[] = [
  ['a megabyte of blanks', (n) => `${many(' ', n)}a`, 'none'],
  ['a megabyte of text', (n) => `a = '${many('x', n)}'`, 'none'],
  ['a megabyte of escapes', (n) => `a = '${many('\\n', n / 2)}'`, 'none'],
  ['a megabyte of joined texts', (n) => `a = ${many("'x' ", n / 4)}`, 'none'],
  ['a megabyte of a name', (n) => many('x', n), 'none'],
  ['a megabyte of a quoted name', (n) => `\`${many('``', n / 2)}\``, 'none'],
  ['a megabyte of digits', (n) => many('1', n), 'none'],
  ['a megabyte of ORs', (n) => many('a = 1 OR ', n / 9) + 'a = 1', 'none'],
  ['a megabyte of IN', (n) => `a IN (${many('1,', n / 2)}1)`, 'none'],
  ['a megabyte of WHENs', (n) => `CASE ${many('WHEN a THEN 1 ', n / 14)}END`, 'none'],
  ['a megabyte of quotes', (n) => many("'", n + 1), 'SYNTAX'],
  ['a megabyte of backticks', (n) => many('`', n + 1), 'SYNTAX'],
  ['a megabyte of backslashes', (n) => `'${many('\\', n + 1)}'`, 'SYNTAX'],
  ['a megabyte of an open comment', (n) => `a /* ${many('* ', n / 2)}`, 'SYNTAX'],
  ['a megabyte of open comments', (n) => many('/*', n / 2), 'SYNTAX'],
  ['a megabyte of signs that are none', (n) => many('@', n), 'SYNTAX'],
  ['a megabyte of a name that begins like a number', (n) => many('1e', n / 2), 'none'],
  ['a megabyte of dots', (n) => `a${many('.', n)}`, 'SYNTAX'],
];

describe('hostile texts', () => {
  /** Milliseconds of a text that comes to this. */
  const judged = (text: string, code: string): number => {
    let e: Expression | undefined;
    const parsed = timed(() => void (e = expression(text)));
    expect(parsed.code).toBe(code);
    const bound = timed(() => e?.check('a int, b string'));
    expect(['none', 'UNKNOWN_COLUMN', 'SYNTAX', 'WRONG_TYPE', 'UNSUPPORTED']).toContain(bound.code);
    for (const { message } of [parsed, bound]) expect(message.length).toBeLessThan(2_000);
    return parsed.ms + bound.ms;
  };

  test.each(TEXTS)('%s', (_, text, code) => void judged(text, code));

  test.each(LONG_TEXTS)('%s takes time in proportion to it', (_, text, code) => {
    let isLinear = false; // in one of a few pairs: others may keep the processors busy
    for (let pairs = 0; pairs < 5 && !isLinear; ++pairs) {
      const eighth = judged(text(MB / 8), code);
      isLinear = judged(text(MB), code) < 24 * eighth + 100; // 8 times as much, not 64 times
    }
    expect(isLinear).toBe(true);
  });
});

const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: i, name: i % 2 === 0 ? many('a', 500) : `${many('a', 500)}b` }));

describe('a suite with hostile constraints', () => {
  test('gives the right answers to the others, and an error to each of them', async () => {
    const catastrophic = ['(a+)+\\1c', '^(a|a)*?\\1{20}$', '(?=(a+))\\1+c$|(a*)*\\2c'];
    let check = Check(CheckLevel.Error, 'hostile').satisfies('id >= 0', 'first');
    const texts = [...TEXTS, ...LONG_TEXTS.map(([name, text]) => [name, text(MB)] as const)];
    for (const [name, text] of texts.filter(([name]) => /10,000|name|digits|quotes|surrogate/.test(name))) check = check.satisfies(text, name);
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
  });

  test('reads bytes that are no UTF-8 without harm', async () => {
    const bytes = Buffer.concat([Buffer.from('id,s\n1,plain\n2,'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('\n3,'), Buffer.from('né')]);
    const values = (text: string) => expression(text).evaluate(csv(bytes, { mode: 'null', schema: 'id int, s string' }));
    await expect(expression('s').evaluate(csv(bytes, { schema: 'id int, s string' }))).rejects.toThrow(/UTF-8/);
    expect(await values("s RLIKE '^[a-zé]+$'")).toEqual([true, null, true]);
  });
});
