import { expect, it } from 'vitest';
import { Check, CheckLevel, VerificationSuite, atLeast, atMost } from '../../src/index.js';

const COLUMNS = Array.from({ length: 25 }, (_, i) => `c${i}`);
const rows = Array.from({ length: 200 }, (_, i) =>
  Object.fromEntries(COLUMNS.map((name, k) => [name, (i * k) % 7 === 3 ? null : i + k])));

/** A check of so many constraints, each another one: on values, on predicates, on groups. */
function checkOf(constraints: number) {
  let check = Check(CheckLevel.Error, 'many');
  for (let i = 0; i < constraints; i += 4) {
    const column = COLUMNS[i % COLUMNS.length]!;
    check = check
      .hasMin(column, atLeast(-i))
      .hasMax(column, atMost(1000 + i))
      .satisfies(`${column} >= ${-i}`, `at least ${-i}`, atLeast(0))
      .hasUniqueness([column], atLeast(-i));
  }
  return check;
}

/** The processor time of a run, in milliseconds. */
async function timeOf(constraints: number, verdicts: boolean): Promise<number> {
  const before = process.cpuUsage();
  const suite = VerificationSuite().onData(rows).addCheck(checkOf(constraints));
  const result = await (verdicts ? suite.withRowLevelResults() : suite).run({ threads: 0 });
  const { user, system } = process.cpuUsage(before);
  expect(result.status).toBe('Success');
  return (user + system) / 1000;
}

it.each([false, true])('a suite of four times as many constraints takes about four times as long, verdicts on rows: %s', async (verdicts) => {
  await timeOf(4000, verdicts); // until it is compiled
  let least = Infinity; // of a few: others may keep the processors busy, but hardly each time
  for (let pairs = 0; pairs < 6 && least >= 9; ++pairs) {
    const few = await timeOf(1000, verdicts);
    least = Math.min(least, (await timeOf(4000, verdicts)) / few);
  }
  expect(least).toBeLessThan(9); // What grows with the square of the constraints would take sixteen times as long.
});
