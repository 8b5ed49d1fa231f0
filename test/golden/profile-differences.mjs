// Where profiles differ from Deequ's on purpose: only in cases that name a defect of it.
import { profileDifference, profileOf, goldenForm } from './profiles.mjs';

/** A copy of a result without some parts of some columns; the JSON text, which holds them too, is left out. */
function without({ json: _, jsonError: __, ...result } = { profiles: {} }, columns, parts) {
  const profiles = Object.fromEntries(Object.entries(result.profiles).map(([name, p]) => {
    if (!columns.includes(name)) return [name, p];
    return [name, { ...p, ...Object.fromEntries(parts.map((part) => [part, null])) }];
  }));
  return { ...result, profiles };
}

const listedIn = (defect) => defect.slice(defect.indexOf(': ') + 2).split(', ').map((name) => (name.startsWith('lead') ? ` ${name}` : name));

export const profileDifferences = [
  {
    id: 'profile-backticks',
    defect: 'a column name containing a backtick makes the whole profile fail',
    rule: ({ defect }) => defect.includes('backtick'),
    holds({ golden, result }) {
      const asked = golden.options.restrictToColumns;
      const odd = [...result.profiles.values()].find((p) => p.name.includes('`'));
      if (!odd || (asked && result.profiles.size !== asked.length)) return 'the column is missing';
      return odd.column === `\`${odd.name.replaceAll('`', '``')}\`` ? null : `it is called ${odd.column}`;
    },
  },
  {
    id: 'profile-empty',
    defect: 'an empty table cannot be profiled',
    rule: ({ defect }) => defect.includes('empty table'),
    holds({ result }) {
      const sound = result.numRecords === 0 && [...result.profiles.values()].every((p) => Number.isNaN(p.completeness) && p.nulls === 0);
      return sound ? null : `there are ${result.numRecords} records`;
    },
  },
  {
    id: 'profile-nested',
    defect: 'one nested column makes the whole profile fail',
    rule: ({ defect }) => defect.includes('nested column'),
    holds({ result }) {
      return [...result.profiles.values()].some((p) => p.nested) ? null : 'no nested column is reported';
    },
  },
  {
    id: 'profile-quoted-names',
    defect: 'no histogram for columns whose name needs escaping, and types that are predefined for it are ignored unless it is escaped',
    rule: ({ defect }) => defect.startsWith('no histogram for columns'),
    async holds({ golden, actual, assay, context }) {
      const { predefinedTypes } = golden.options;
      if (predefinedTypes?.['dot.name']) {
        const escaped = { ...golden, options: { ...golden.options, predefinedTypes: { '`dot.name`': predefinedTypes['dot.name'] } } };
        return profileDifference(goldenForm(await profileOf(assay, context, escaped)), actual);
      }
      const columns = listedIn(golden.defect);
      for (const name of columns) {
        const p = actual.profiles[name];
        const counted = Object.values(p.histogram?.values ?? {}).reduce((sum, v) => sum + v.absolute, 0);
        if (counted !== actual.numRecords) return `the histogram of ${name} counts ${counted} rows`;
      }
      return profileDifference(without(golden.result, columns, ['histogram']), without(actual, columns, ['histogram']));
    },
  },
  {
    id: 'profile-kll-bounds',
    defect: 'KLL buckets clamp the running minimum and maximum to the 32-bit range',
    rule: ({ defect }) => defect.startsWith('KLL buckets clamp'),
    holds({ golden, actual }) {
      const columns = listedIn(golden.defect);
      for (const name of columns) {
        const { kll, minimum, maximum } = actual.profiles[name];
        if (minimum === null ? kll !== null : kll.buckets[0].lowValue !== minimum || kll.buckets.at(-1).highValue !== maximum) {
          return `the buckets of ${name} do not reach from its minimum to its maximum`;
        }
      }
      const parts = ['kll', 'approxPercentiles'];
      return profileDifference(without(golden.result, columns, parts), without(actual, columns, parts));
    },
  },
  {
    id: 'profile-json-numbers',
    defect: 'toJson fails on NaN or infinite sketch items',
    rule: ({ defect }) => defect.startsWith('toJson fails'),
    holds({ golden, actual }) {
      if (!actual.json.includes('NaN')) return 'there is no NaN in the text';
      const { jsonError: _, ...result } = golden.result;
      return profileDifference(result, actual);
    },
  },
];

/** The difference that a case is listed under; undefined: none. */
export function profileDifferenceOf(golden) {
  return profileDifferences.find((d) => d.rule(golden));
}
