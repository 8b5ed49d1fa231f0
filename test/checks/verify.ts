import { Check, VerificationSuite, type CheckResult } from '../../src/index.js';

/** Rows with nulls, duplicates and texts. */
export const orders = [
  { id: 1, shop: 'US', price: 1.5, note: 'a', code: '12' },
  { id: 2, shop: 'US', price: 2.5, note: null, code: 'x1' },
  { id: 3, shop: 'UK', price: null, note: 'bbb', code: null },
  { id: 3, shop: null, price: 8, note: 'cc', code: '7' },
];

/** The result of the check that `build` makes, over rows. */
export async function verify(build: (check: Check) => Check, rows: readonly object[] = orders): Promise<CheckResult> {
  const check = build(Check('Error', 'test'));
  const result = await VerificationSuite().onData(rows, { name: 'orders' }).addCheck(check).run({ threads: 0 });
  return result.result(check)!;
}

/** Status, outcome and message of the one constraint that `build` adds. */
export async function verdict(
  build: (check: Check) => Check,
  rows?: readonly object[],
): Promise<[status: string, outcome: string, message: string | null]> {
  const { constraintResults } = await verify(build, rows);
  const [{ status, outcome, message }] = constraintResults as [(typeof constraintResults)[0]];
  return [status, outcome, message];
}
