// Patterns of dates and times as Spark 3.5.7 prints and reads them: nearly all were read off a run of it.
import { describe, expect, test } from 'vitest';
import { expression } from '../../../src/index.js';

async function first(text: string, row: Record<string, unknown>, timeZone = 'UTC'): Promise<unknown> {
  return (await expression(text).evaluate([row], { timeZone }))[0];
}

describe('reading', () => {
  test.each([
    ['3 PM', 'h a', '15:00:00'], ['3', 'h', '03:00:00'], ['12', 'h', '00:00:00'], ['11', 'K', '11:00:00'], ['PM', 'a', '12:00:00'],
    ['24', 'k', '00:00:00'], ['0', 'h', null], ['13', 'h', null], ['0', 'k', null], ['25', 'k', null], ['007', 'H', '07:00:00'],
    ['13 1 PM', 'H h a', '13:00:00'], ['13 2 PM', 'H h a', null], ['13 AM', 'H a', null], ['13 1', 'H K', '13:00:00'],
    ['12:34:56.1', 'HH:mm:ss.SSS', '12:34:56.1'], ['12:34:56.1234', 'HH:mm:ss.SSS', null], ['12:34:56.', 'HH:mm:ss.SSS', null],
    ['12:34:56', 'HH:mm:ss[.SSS]', '12:34:56'], ['1234567', 'HHmmssSSS', '12:34:56.7'], ['123456789', 'HHmmssSSS', '12:34:56.789'],
    ['', '[yyyy]', '00:00:00'], ['1 Jan', 'M MMM', '00:00:00'], ['2 Jan', 'M MMM', null],
    ['GMT', 'O', '00:00:00'], ['GMT-8', 'O', '08:00:00'], ['gmt-8:30', 'O', '08:30:00'], ['GMT-08:00', 'OOOO', '08:00:00'],
    ['GMT-8', 'OOOO', null], ['UTC-8', 'O', null], ['GMT-08:00', 'ZZZZ', '08:00:00'], ['-08:00', 'ZZZZ', null],
    ['-03:00', 'VV', '03:00:00'], ['-3', 'VV', null], ['-3', 'z', null], ['-03', 'VV', null], ['-0300', 'VV', null],
    ['UTC-3', 'VV', null], ['UTC-03:00', 'VV', '03:00:00'], ['utc', 'VV', '00:00:00'], ['Z', 'VV', '00:00:00'], ['z', 'z', '00:00:00'],
    ['america/new_york', 'VV', '05:00:00'], ['-0300', 'XX', '03:00:00'], ['-0300', 'XXX', null], ['-03', 'XXX', null],
    ['-03:00', 'x', null], ['-03:00', 'Z', null], ['-3', 'x', null], ['z', 'XXX', '00:00:00'], ['-0330', 'x', '03:30:00'],
    ['-03:30:15', 'XXXXX', '03:30:15'], ['-0330', 'XXXX', '03:30:00'], ['Z', 'x', null], ['Z', 'ZZZZZ', '00:00:00'],
  ])('%o by %s is %s of the first day', async (text, pattern, time) => {
    const expected = time === null ? null : `1970-01-01 ${time}`;
    expect(await first(`to_timestamp(text, '${pattern}')`, { text })).toBe(expected);
    expect(await first('to_timestamp(text, pattern)', { text, pattern })).toBe(expected);
  });

  test.each([
    ['-5', 'y', '-0005-01-01'], ['24', 'y', '0024-01-01'], ['24', 'yy', '2024-01-01'], ['+5', 'y', null], ['-0', 'y', null],
    ['5', 'yyy', null], ['0024', 'yyy', '0024-01-01'], ['12345', 'yyyy', null], ['+12345', 'yyyy', '+12345-01-01'],
    ['-12345', 'yyyy', '-12345-01-01'], ['2024-1-002', 'yyyy-M-d', '2024-01-02'], ['2024-001-02', 'yyyy-M-dd', '2024-01-02'],
    ['2024-1-99999999999', 'yyyy-M-d', null], ['2024-1-4294967297', 'yyyy-M-d', null],
    ['44 BC', 'y G', '-0043-01-01'], ['44 ad', 'y G', '0044-01-01'], ['0 AD', 'y G', null], ['44 Before Christ', 'y GGGG', '-0043-01-01'],
    ['24 AD', 'yy G', '2024-01-01'], ['2024', 'y[ G]', '1970-01-01'], ['BC 03-04', 'G MM-dd', '1970-03-04'],
    ['2024-01-02', 'yyyy-MM-dd[ HH:mm]', '2024-01-02'], ['2024-01-02 03', 'yyyy-MM-dd[ HH[:mm]]', '2024-01-02'],
    ['2024-01-02 0', 'yyyy-MM-dd[ HH:mm]', null], ['2024-02', '[yyyy-MM', '2024-02-01'],
    ['2024 60 02', 'yyyy D MM', '2024-02-29'], ['2024 60 03', 'yyyy D MM', null], ['2024 60 29', 'yyyy D dd', '2024-02-29'],
  ])('%o by %s is the day %s', async (text, pattern, day) => {
    expect(await first(`to_date(text, '${pattern}')`, { text })).toBe(day);
    expect(await first('to_date(text, pattern)', { text, pattern })).toBe(day);
  });

  test.each(['yyyy]', 'F', 'FF', 'OO', 'V', 'GGGGG', 'Y', 'w', 'W', 'e', 'c'])('%s is no pattern to read by', async (pattern) => {
    await expect(first(`to_timestamp(text, '${pattern}')`, { text: '1' })).rejects.toThrow(pattern);
  });
});

describe('printing', () => {
  test.each([
    [1735516800, 'yyyy-MM-dd F', '2024-12-30 2'], [1735516800, 'y G', '2024 AD'], [1735516800, 'GGGG yyyy', 'Anno Domini 2024'],
    [1735516800, 'OOOO O', 'GMT GMT'], [1735516800, 'z', 'UTC'], [1735516800, 'zzzz', 'Coordinated Universal Time'],
    [1735516800, 'yyyyy[-MM]', '02024-12'], [-99999999999, 'G y', 'BC 1200'], [-99999999999, 'y', '-1199'],
    [3e12, 'yyyyy', '97036'], [4e12, 'yyyyy', '+128724'],
  ])('%d by %s is %s', async (seconds, pattern, text) => {
    expect(await first(`from_unixtime(seconds, '${pattern}')`, { seconds })).toBe(text);
    expect(await first('from_unixtime(seconds, pattern)', { seconds, pattern })).toBe(text);
  });

  test.each([
    ['America/New_York', 'O z OOOO', 'GMT-5 EST GMT-05:00'], ['+05:30', 'O z OOOO', 'GMT+5:30 +05:30 GMT+05:30'],
    ['Europe/Berlin', 'O zzzz', 'GMT+1 Central European Standard Time'],
  ])('in the zone %s by %s is %s', async (zone, pattern, text) => {
    expect(await first(`from_unixtime(seconds, '${pattern}')`, { seconds: 1735516800 }, zone)).toBe(text);
  });

  test('a zone without a short name asks for another letter', async () => {
    await expect(first("from_unixtime(seconds, 'z')", { seconds: 0 }, 'Asia/Kolkata')).rejects.toThrow('Asia/Kolkata');
  });

  test('the least time of 64 bits has its day', async () => {
    expect(await first('cast(cast(l as timestamp) as string)', { l: -(2n ** 62n) })).toBe('-290308-12-21 19:59:05.224192');
  });
});

test.each([['bitand(i, 1)', '&'], ['bitor(i, 1)', '|'], ['bitxor(i, 1)', '^'], ['bitnot(i)', '~']])('%s is the operator %s', (text, operator) => {
  expect(() => expression(text).check('i int')).toThrow(operator);
  expect(expression('~i & i | i ^ i').check('i int').type).toBe('int');
});
