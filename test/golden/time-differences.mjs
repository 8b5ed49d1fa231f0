import { difference, nearNumber } from './values.mjs';

/** Where repositories and states differ from Deequ's on purpose; as in `differences.mjs`. */
export const timeDifferences = [
  {
    id: 'exact-quantile-filter',
    kind: 'repository',
    rule: ({ kind, file, reread }) => kind === 'file' && file !== undefined
      && JSON.stringify(reread).includes('"ExactQuantile('),
    holds: ({ without }) => without(/(?<=^ExactQuantile\([^,]*,[^,]*,)Some\(.*\)(?=\)$)/, 'None'),
  },
  {
    id: 'special-numbers-in-history',
    kind: 'repository',
    defect: 'NaN or infinite values cannot be written',
    async holds({ question }) {
      const { rows } = await question.getSuccessMetrics();
      const expected = rows.map(([, , , value]) => (Number.isFinite(value) ? value : String(value)));
      return difference(expected, JSON.parse(await question.getSuccessMetricsAsJson()).map((row) => row.value));
    },
  },
  {
    id: 'one-row-per-result',
    kind: 'repository',
    defect: 'the whole context is stored with every metric row, so each result is returned once per row',
    async holds({ golden, save, results, repository }) {
      for (const step of golden.saves) await save(repository, step);
      const once = (list) => [...new Map(list.map((r) => [`${r.dataSetDate} ${JSON.stringify(r.tags)}`, r])).values()];
      const dates = (list) => list.map((r) => r.dataSetDate);
      const wrong = difference(once(golden.all), results(await repository.load().get()));
      // Deequ's table leaves the bounds out; every other repository of Deequ has them in.
      return wrong ?? difference(dates(once(golden.all)).filter((d) => d >= 1),
        dates(results(await repository.load().after(1).get())));
    },
  },
  {
    id: 'states-that-merge',
    kind: 'incremental',
    defect: [
      'states cannot be merged',
      'states cannot be merged or persisted',
      'states cannot be merged (NumberFormatException) and a persisted state cannot be loaded (ClassCastException)',
    ],
    rule: ({ golden, what }) => what !== 'empty' && ['HistogramBinned', 'InterquartileRange', 'ExactQuantile'].includes(golden.analyzer.analyzerName),
    holds: sameAsWhole,
  },
  {
    id: 'sketch-of-an-empty-part',
    kind: 'incremental',
    defect: 'cannot be persisted; an empty table gives 32-bit limits as bounds; merging changes the first state in place',
    holds: ({ what, actual }) => (what === 'empty' && actual.error?.exception === 'EmptyStateException' ? null : `${what} differs`),
  },
  {
    id: 'column-count-of-parts',
    kind: 'incremental',
    defect: 'merging adds the column counts',
    holds: ({ golden, actual }) => difference(golden.a, actual),
  },
];

/** A metric of merged states is that of all rows. */
async function sameAsWhole({ dataset, actual, analyzer, setting: { context } }) {
  const { value } = await context.metric(dataset, analyzer);
  if (!value.ok) return 'the whole table has no metric';
  return difference(value.value, actual.value, nearNumber);
}

/** The listed difference that a case of the repository shows. */
export function repositoryDifferenceOf(golden) {
  return timeDifferences.find((d) => d.kind === 'repository' && (d.defect !== undefined && golden.defect === d.defect || d.rule?.(golden)));
}

/** The listed difference that a result of incremental.json shows. */
export function incrementalDifferenceOf(case_) {
  return timeDifferences.find((d) => d.kind === 'incremental' && ([d.defect].flat().includes(case_.golden.defect ?? null) || d.rule?.(case_)));
}
