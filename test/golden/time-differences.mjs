import { difference } from './values.mjs';

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
];

/** The listed difference that a case of the repository shows. */
export function repositoryDifferenceOf(golden) {
  return timeDifferences.find((d) => d.kind === 'repository' && (d.defect !== undefined && golden.defect === d.defect || d.rule?.(golden)));
}
