import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATE, LONG, STRING, TIMESTAMP, TIMESTAMP_NTZ, type DataType } from '../../../src/data/types.js';
import type { Bound, BoundCall, BoundLiteral } from '../../../src/expression/bound.js';
import { DAY, HOUR, SECOND } from '../../../src/expression/evaluate/calendar.js';
import { formatOf, parserOf } from '../../../src/expression/evaluate/date-format.js';
import { inLong, parseDate, parseInstant } from '../../../src/expression/evaluate/parse-values.js';
import { readerOf, type Value } from '../../../src/expression/evaluate/values.js';
import { zoneOf } from '../../../src/expression/evaluate/zones.js';
import { openView } from '../../../src/expression/view.js';
import { hasJava17 } from '../regex/java.js';
import { batchOf, smallKernels, type Generated } from './batches.js';

const CASES = Number(process.env['TIME_CASES'] ?? 60);
const ZONES = ['UTC', '+05:30', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Africa/Casablanca'];

const literal = (type: DataType, value: BoundLiteral['value']): Bound => ({ kind: 'literal', type, value });
const column = (type: DataType): Bound => ({ kind: 'column', name: 'c0', type });
const call = (fn: string, type: DataType, zone: string, ...args: Bound[]): BoundCall => ({ kind: 'call', fn, args, type, zone });

/** What an expression over one column gives, with the column as values and as a dictionary. */
function evaluated(e: Bound, type: DataType, values: readonly Value[]): Value[] {
  const [flat, dictionary] = [false, true].map((asDictionary) => {
    const g: Generated = { types: [type], rows: values.map((v) => [v]), placing: [{ home: 'memory', shift: 0, dictionary: asDictionary }] };
    const kernels = smallKernels();
    const view = openView(batchOf(g, kernels), kernels);
    const read = readerOf(kernels, view.vector(e, true));
    const got = values.map((_, i) => read(i));
    view.close();
    return got;
  });
  expect(dictionary).toEqual(flat);
  return flat!;
}

const program = fileURLToPath(new URL('JavaTime.java', import.meta.url));

function askJava(lines: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const java = spawn('java', ['-XX:+UseSerialGC', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    java.stdout.on('data', (part: Buffer) => parts.push(part));
    java.on('error', reject);
    java.on('close', (code) => {
      const answers = Buffer.concat(parts).toString('utf8').trimEnd().split('\n');
      if (code !== 0 || answers.length !== lines.length) reject(new Error(`java ended with ${code} after ${answers.length} answers`));
      else resolve(answers);
    });
    java.stdin.end(lines.map((line) => `${line}\n`).join(''));
  });
}

/** Seconds at which the offset of a zone changes, 1970 to 2037. */
function transitions(name: string): number[] {
  const zone = zoneOf(name);
  const found: number[] = [];
  for (let s = 0; s < 2_145_000_000; s += 604_800) {
    if (zone.offsetOf(s) === zone.offsetOf(s + 604_800)) continue;
    let [low, high] = [s, s + 604_800];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zone.offsetOf(middle) === zone.offsetOf(low)) low = middle;
      else high = middle;
    }
    found.push(high);
  }
  return found;
}

/** Times anywhere from the year -1000 to 9000, most of them near a change of the offset. */
function times(name: string): fc.Arbitrary<bigint> {
  const changes = transitions(name);
  const anywhere = fc.bigInt(-93_000_000_000_000_000n, 222_000_000_000_000_000n);
  const modern = fc.bigInt(0n, 2_145_000_000_000_000n);
  if (changes.length === 0) return fc.oneof(anywhere, modern);
  const near = fc.tuple(fc.constantFrom(...changes), fc.bigInt(-8_000_000_000n, 8_000_000_000n)).map(([s, by]) => BigInt(s) * 1_000_000n + by);
  return fc.oneof({ weight: 6, arbitrary: near }, { weight: 2, arbitrary: modern }, { weight: 1, arbitrary: anywhere });
}

const PATTERNS = [
  'yyyy-MM-dd HH:mm:ss', "d MMM yy, EEEE 'at' h:mm a", 'uuuu/M/d k:K', 'yyyy-MM-dd\'T\'HH:mm:ss.SSSXXX', 'D Q QQQ QQQQ E', 'MMMM dd xx Z ZZZZ ZZZZZ X', 'HHmmssSSSSSS VV', 'XXXX xxxxx XX xxx',
];

describe('times in zones', () => {
  it.runIf(hasJava17)('are those of java.time', async () => {
    const asked: string[] = [];
    const ours: string[] = [];
    for (const zone of ZONES) {
      const micros = fc.sample(times(zone), { numRuns: CASES, seed: 7 });
      const t = column(TIMESTAMP);
      const ask = (operation: string, argument: string, e: Bound, type: DataType = TIMESTAMP) => {
        const got = evaluated(e, type, [...micros, null]);
        expect(got.pop()).toBe(null);
        micros.forEach((at, i) => {
          asked.push(`${operation}\t${zone}\t${at}\t${argument}`);
          ours.push(String(got[i]));
        });
      };
      ask('local', '', call('cast', TIMESTAMP_NTZ, zone, t));
      ask('instant', '', call('cast', TIMESTAMP, zone, call('cast', TIMESTAMP_NTZ, 'UTC', t)));
      for (const unit of ['minute', 'hour', 'day', 'month']) ask(unit, '', call('date_trunc', TIMESTAMP, zone, literal(STRING, unit), t));
      for (const months of [0, 1, -7, 12, 1200]) ask('months', String(months), call('datetime_add', TIMESTAMP, zone, t, literal({ kind: 'interval_ym' }, months)));
      for (const interval of [0n, HOUR, -HOUR, DAY, -183n * DAY - HOUR / 2n]) {
        ask('interval', String(interval), call('datetime_add', TIMESTAMP, zone, t, literal({ kind: 'interval_ds' }, String(interval))));
      }
      // Spark puts u for y, which has no negative years
      for (const pattern of PATTERNS) ask('format', pattern.replaceAll('y', 'u'), call('date_format', STRING, zone, t, literal(STRING, pattern)));
    }
    const answers = await askJava(asked);
    const differences = asked.map((line, i) => `${line}: ${ours[i]!}, Java: ${answers[i]!}`).filter((_, i) => answers[i] !== ours[i]);
    console.log(`${asked.length} times compared with java.time`);
    expect(differences.slice(0, 20)).toEqual([]);
  }, 600_000);

  it('are printed by patterns as row by row', () => {
    for (const zone of ZONES) {
      const micros = fc.sample(times(zone), { numRuns: CASES, seed: 11 });
      for (const pattern of [...PATTERNS, 'y u yyyyyy', 'hh KK kk m s']) {
        const got = evaluated(call('date_format', STRING, zone, column(TIMESTAMP), literal(STRING, pattern)), TIMESTAMP, micros);
        expect(got).toEqual(micros.map((t) => formatOf(pattern)(t, zoneOf(zone), zone)));
      }
    }
  });
});

describe('texts', () => {
  const READ = ['yyyy-MM-dd', 'dd/MM/yyyy HH:mm:ss', 'yyyyMMddHHmmss', 'd MMM yy', 'EEEE, d MMMM yyyy h:mm a', "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", 'y-M-d k:m', 'yyyy D', 'HH:mm:ss.SSSSSSSSSZ'];

  it('are read by patterns as row by row', () => {
    const spoiled = (text: string) => fc.oneof(
      { weight: 4, arbitrary: fc.constant(text) },
      fc.tuple(fc.nat(text.length), fc.constantFrom('', ' ', '0', '9', '-', '+', 'Z', 'z', ':', 'é', 'x', '99')).map(([at, s]) => text.slice(0, at) + s + text.slice(at)),
      fc.nat(text.length).map((at) => text.slice(0, at) + text.slice(at + 1)),
      fc.constant(text.toUpperCase()), fc.constant(text.replace('Z', '+0130')), fc.constant(text.replace('Z', '-01:30:15')), fc.constant(`-${text}`),
    );
    for (const zone of ['UTC', 'Europe/Berlin', 'America/St_Johns']) {
      for (const pattern of READ) {
        const made = times(zone).map((t) => formatOf(pattern)(t, zoneOf(zone), zone)).chain(spoiled);
        const texts = fc.sample(fc.oneof({ weight: 20, arbitrary: made as fc.Arbitrary<Value> }, fc.constant<Value>(null)), { numRuns: CASES, seed: 13 });
        const slow = (t: Value) => (t === null ? null : parserOf(pattern)(t as string));
        const days = evaluated(call('to_date', DATE, zone, column(STRING), literal(STRING, pattern)), STRING, texts);
        expect(days).toEqual(texts.map((t) => slow(t)?.days ?? null));
        const instants = texts.map((t) => {
          const m = slow(t);
          return m ? inLong((m.zone ?? zoneOf(zone)).instantOf(BigInt(m.days) * DAY + m.time)) : null;
        });
        expect(evaluated(call('to_timestamp', TIMESTAMP, zone, column(STRING), literal(STRING, pattern)), STRING, texts)).toEqual(instants);
        const seconds = instants.map((t) => (t === null ? null : t / SECOND));
        expect(evaluated(call('unix_timestamp', LONG, zone, column(STRING), literal(STRING, pattern)), STRING, texts)).toEqual(seconds);
        expect(days.filter((d) => d !== null).length).toBeGreaterThan(texts.length / 5);
      }
    }
  });

  it('are cast to dates and times as row by row', () => {
    const piece = fc.constantFrom('2024', '-', '1', '02', '29', ' ', 'T', ':', '12', '59', '60', '.', '5', '123456789', 'Z', '+01:00', '-0530', 'Europe/Berlin', '+', '0001', '99999', '\t', 'x', 'é');
    const whole = fc.tuple(fc.constantFrom('2024-03-31', '2024-10-27', '-0044-03-15', '1999-1-5', '12024-12-31', '2023-02-29', '2024-02-29', '0000-01-01'),
      fc.constantFrom('', ' 02:30', 'T02:30:00', ' 2:3:4.5', ' 23:59:59.999999', ' 23:59:59.9999999Z', ' 02:30:00+01:00', 'T02:30:00 Europe/Berlin', ' 24:00:00', ' x', ' 02:30:00.', ' 12:00:00 Nowhere'))
      .map(([d, t]) => d + t);
    const text = fc.oneof(whole, fc.array(piece, { maxLength: 9 }).map((p) => p.join('')), whole.map((t) => ` ${t}\t`), whole.map((t) => t.slice(0, -1)));
    for (const zone of ['UTC', 'Europe/Berlin']) {
      const texts: Value[] = [...fc.sample(text, { numRuns: 4 * CASES, seed: 17 }).filter((t) => !/^\s*(?:T|\d{1,2}:)/.test(t)), null];
      const timestamps = evaluated(call('cast', TIMESTAMP, zone, column(STRING)), STRING, texts);
      expect(timestamps).toEqual(texts.map((t) => (t === null ? null : parseInstant(t as string, zoneOf(zone)))));
      expect(evaluated(call('cast', DATE, zone, column(STRING)), STRING, texts)).toEqual(texts.map((t) => (t === null ? null : parseDate(t as string))));
      expect(timestamps.filter((t) => t !== null).length).toBeGreaterThan(texts.length / 8);
    }
  });
});
