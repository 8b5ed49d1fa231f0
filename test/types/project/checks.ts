import { Check, CheckLevel, VerificationSuite, atLeast, between, equals, oneOf } from 'assay';
import type { BucketDistribution, Distribution, DistributionBinned, FilterableCheck } from 'assay';
import { holds, type Same } from './same.js';

const check = Check(CheckLevel.Error, 'types');

// A filter belongs to the constraint before it, where that takes one.
check.isComplete('id').where('id > 1').isUnique('id').where("shop = 'US'").hasMean('price', atLeast(1)).where('id > 2');
check.hasSize(equals(3)).where(null);
holds<Same<ReturnType<typeof check.isComplete>, FilterableCheck>>();
// @ts-expect-error -- nothing to filter yet
check.where('id > 1');
// @ts-expect-error -- the number of columns does not depend on rows
check.hasColumnCount(equals(3)).where('id > 1');
// @ts-expect-error -- nor does the presence of one
check.hasColumn('id').where('id > 1');
// @ts-expect-error -- Deequ's sketch takes no filter
check.kllSketchSatisfies('id', () => true).where('id > 1');
// @ts-expect-error -- one filter a constraint
check.isComplete('id').where('id > 1').where('id > 2');
// @ts-expect-error -- a filter is a text
check.isComplete('id').where((row: unknown) => row);

// Numbers are judged by functions or comparators, distributions by functions.
check.hasSize((n) => (holds<Same<typeof n, number>>(), n > 1));
check.hasMax('price', between(1, 2)).hasMin('price', oneOf(1, 2));
check.hasHistogramValues('shop', (d) => (holds<Same<typeof d, Distribution>>(), d.values.get('US')!.ratio > 0.5));
check.hasHistogramBinnedValues('price', (d) => (holds<Same<typeof d, DistributionBinned>>(), d.bins.length > 2));
check.kllSketchSatisfies('price', (d) => (holds<Same<typeof d, BucketDistribution>>(), d.buckets.length > 2));
// @ts-expect-error -- a distribution is no number
check.hasHistogramValues('shop', atLeast(0.5));
// @ts-expect-error -- an assertion answers yes or no
check.hasSize((n) => n + 1);
// @ts-expect-error -- an assertion is not a number
check.hasSize(3);
// @ts-expect-error -- a size has no default assertion
check.hasSize();
// @ts-expect-error -- assertions on numbers take numbers
check.hasMean('price', (s: string) => s.length > 1);

// Options.
check.isComplete('id', 'a hint').isUnique('id', { hint: 'a hint', where: 'id > 1', name: 'key', filteredRow: 'NULL' });
check.hasMinLength('id', atLeast(1), { nullBehavior: 'EmptyString' });
// @ts-expect-error -- a typing error in an option
check.isComplete('id', { wher: 'id > 1' });
// @ts-expect-error -- one of three words
check.hasMinLength('id', atLeast(1), { nullBehavior: 'Empty' });
// @ts-expect-error -- columns are texts
check.areComplete(['id', 3]);
// @ts-expect-error -- a column is a text
check.isComplete(3);
// @ts-expect-error -- a level is one of two
Check('Fatal', 'types');
// @ts-expect-error -- no such constraint
check.isPerfect('id');
// @ts-expect-error -- frozen
check.level = CheckLevel.Warning;

// Runs.
export async function run(signal: AbortSignal): Promise<'Success' | 'Warning' | 'Error'> {
  const verification = VerificationSuite().onData([{ id: 1 }], { name: 'rows' }).addCheck(check);
  const result = await verification.run({ signal, threads: 2, memoryLimit: 1e9, timeZone: 'UTC', onProgress: (p) => p.rows });
  const rows = result.checkResults();
  holds<Same<(typeof rows)[number]['constraint_message'], string>>();
  for (const each of result.results) {
    for (const { outcome } of each.constraintResults) {
      holds<Same<typeof outcome, 'passed' | 'failed' | 'vacuous' | 'error' | 'skipped' | 'inconclusive'>>();
    }
  }
  // @ts-expect-error -- threads are a number
  await verification.run({ threads: 'all' });
  // @ts-expect-error -- nothing to add checks to
  VerificationSuite().addCheck(check);
  return result.status;
}
