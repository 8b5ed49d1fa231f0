// Where suggestions differ from Deequ's on purpose: only where a case names a defect of it.

const same = (expected, got, keys) => keys.find((key) => expected[key] !== undefined && expected[key] !== got[key]);

export const suggestionDifferences = [
  {
    id: 'suggest-interval-bounds',
    defect: 'upper bound above 1 by rounding',
    holds: ([low, high], got) => (got[0] === low && got[1] === 1 && high > 1 ? null : 'it is not the same interval cut at 1'),
  },
  {
    id: 'suggest-interval-certain',
    defect: 'infinite z value',
    holds: (_, [low, high]) => (low === 0 && high === 1 ? null : 'it is not the whole interval'),
  },
  {
    id: 'suggest-mean',
    defect: 'uses the maximum instead of the mean',
    rule: 'HasMean',
    evaluates: true,
    holds(expected, got, { mean }) {
      const text = got.currentValue.replace('Mean: ', '');
      if (Math.abs(Number(text) - mean) > 1e-9 * Math.abs(mean)) return `it speaks of ${text}`;
      const renamed = { ...expected, currentValue: got.currentValue };
      const wanted = expected.currentValue.replace('Mean: ', '');
      for (const key of ['description', 'codeForConstraint']) renamed[key] = expected[key].replaceAll(wanted, () => text);
      const wrong = same(renamed, got, Object.keys(renamed));
      return wrong ? `its ${wrong} is ${got[wrong]}` : null;
    },
  },
  {
    id: 'suggest-max-length',
    defect: 'currentValue shows the completeness',
    rule: 'HasMaxLength',
    holds(expected, got, { maxLength }) {
      if (got.currentValue !== `MaxLength: ${maxLength}.0`) return `the current value is ${got.currentValue}`;
      const { currentValue: _, ...rest } = expected;
      const wrong = same(rest, got, Object.keys(rest));
      return wrong ? `its ${wrong} is ${got[wrong]}` : null;
    },
  },
  {
    id: 'suggest-empty-range',
    defect: 'all top categories are null: the empty category list becomes one empty string',
    missing: true,
    holds: () => 'it is suggested',
  },
  {
    // Follows from profile-quoted-names: where there is a histogram, there are categories.
    id: 'suggest-quoted-names',
    extra: ({ columnName, suggestingRule }, profiles) => columnName.startsWith('`') && Boolean(profiles.get(columnName)?.histogram)
      && /^(Fractional)?CategoricalRange/.test(suggestingRule.name),
  },
  {
    id: 'suggest-empty-table',
    defect: 'an empty table cannot be profiled',
    holds: (_, { suggestions, numRecordsUsedForProfiling: n }) => (suggestions.length === 0 && n === 0 ? null : 'there are suggestions'),
  },
];
