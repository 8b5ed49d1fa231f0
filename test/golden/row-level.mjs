import { constrained, comparatorOf, functionOf } from './check-args.mjs';
import { rowProblem } from './row-level-differences.mjs';
import { difference } from './values.mjs';

/** Every way to the verdicts on rows: kept by the run or read again, asserted by functions or by comparators. */
const WAYS = [
  { kept: true, assertionOf: functionOf, threads: 0 },
  { kept: true, assertionOf: comparatorOf, threads: 0 },
  { kept: true, assertionOf: functionOf },
  { kept: false, assertionOf: functionOf, threads: 0 },
  { kept: false, assertionOf: comparatorOf, threads: 0 },
];

/** Runs a case of the kind `rowLevel`. */
export async function runRowCase({ golden, ...env }) {
  let first;
  for (const way of WAYS) {
    const actual = await rowsOf(env, golden, way);
    first ??= actual;
    const apart = difference(first, actual) ?? difference(actual, first);
    if (apart) return { outcome: 'failed', why: `another way to the same rows: ${apart}`, actual };
  }
  const why = difference(golden.expected, first) ?? difference(first, golden.expected);
  if (!why) return { outcome: 'matched', actual: first };
  const wrong = await rowProblem(golden, first, env.context);
  return wrong ? { outcome: 'failed', why: `${why}; ${wrong}`, actual: first } : { outcome: 'differ', actual: first };
}

/** Statuses, and the letters of each column of verdicts. */
async function rowsOf({ assay, context }, golden, { kept, assertionOf, threads }) {
  const checks = [];
  for (const { level, description, constraints } of golden.checks) {
    let check = assay.Check(level, description);
    for (const c of constraints) check = await constrained(assay, check, c, context.table, assertionOf);
    checks.push(check);
  }
  const suite = assay.VerificationSuite().onData(await context.table(golden.dataset)).addChecks(checks);
  const result = await (kept ? suite.withRowLevelResults() : suite).run(threads === undefined ? {} : { threads });
  const columns = {};
  for await (const batch of result.rowLevelResults({ columns: [] })) {
    for (const { name } of batch.schema.fields) {
      const column = batch.getChild(name);
      columns[name] ??= '';
      for (let i = 0; i < column.length; ++i) columns[name] += { true: 'T', false: 'F', null: 'N' }[column.get(i)];
    }
  }
  return { status: result.status, checkStatuses: result.results.map((r) => r.status), columns };
}
