import { AssayError } from '../base/errors.js';
import { isCheck, type Check } from './check.js';
import { CheckLevel } from './constraint.js';
import { VerificationSuite, type VerificationOptions } from './verification-suite.js';

/** How `toPass` judges: as a run, and which failures count. */
export interface ToPassOptions extends VerificationOptions {
  /** The least level of a failure that counts; `Error` lets warnings pass. Default: `Warning`, everything counts. */
  readonly level?: CheckLevel | undefined;
  /** Other tables by name, for constraints that name them. */
  readonly sources?: Readonly<Record<string, unknown>> | undefined;
  /** What CustomSql statements call the table. */
  readonly name?: string | undefined;
}

/** What test runners are given of a matcher. */
export interface Matched {
  readonly pass: boolean;
  message(): string;
}

/** Matchers for `expect.extend(matchers)` of vitest and of jest. */
export const matchers = Object.freeze({ toPass });

/** Whether a table passes a check, or several: `await expect(table).toPass(check)`. */
async function toPass(table: unknown, checks: Check | readonly Check[], options: ToPassOptions = {}): Promise<Matched> {
  const list: readonly unknown[] = Array.isArray(checks) ? checks : [checks];
  const wrong = list.find((check) => !isCheck(check));
  if (list.length === 0 || wrong !== undefined) {
    const given = list.length === 0 ? 'none' : String(wrong);
    throw new AssayError('INVALID_ARGUMENT', `toPass takes a check or a list of them, not ${given}; make one by Check(…)`);
  }
  const { level = CheckLevel.Warning, sources = {}, name, ...how } = options;
  let suite = VerificationSuite().onData(table, name === undefined ? {} : { name }).addChecks(list as readonly Check[]);
  for (const [other, data] of Object.entries(sources)) suite = suite.withSource(other, data);
  const result = await suite.run(how);
  const names = (list as readonly Check[]).map((check) => `'${check.description}'`).join(', ');
  const pass = result.status === 'Success' || (level === CheckLevel.Error && result.status === 'Warning');
  const expected = pass ? `expected the table not to pass ${names}, but it did` : `expected the table to pass ${names}`;
  return { pass, message: () => `${expected}\n\n${String(result)}` };
}
