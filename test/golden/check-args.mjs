import { binning, pattern } from './analyzer-args.mjs';
import { goldenNumber } from './values.mjs';

/** The check of a golden case: its one constraint added by the method that the case names. */
export function checkOf(assay, golden, table, assertionOf = functionOf) {
  const check = assay.Check(golden.level, golden.description);
  return constrained(assay, check, golden, table, assertionOf);
}

/** A check with the constraint of a golden case more; `table` gives another table of the case. */
export async function constrained(assay, check, constraint, table, assertionOf = functionOf) {
  const { method, args, assertion, where, hint } = constraint;
  const given = assertion ? assertionOf(assay, assertion) : undefined;
  const options = { ...args.analyzerOptions, ...(hint ? { hint } : {}) };
  const make = METHODS[method] ?? onColumns;
  const made = check[method](...(await make({ assay, args, given, options, table })));
  // Deequ accepts a filter of hasColumnCount and ignores it; here there is none.
  return typeof where === 'string' && made.where ? made.where(where) : made;
}

const onColumns = ({ args, given, options }) => [args.column ?? args.columns, given, options];
const onPair = ({ args, given, options }) => [args.columnA, args.columnB, given, options];
const assumed = ({ args, options }) => [args.column ?? args.columns, options];
const onTable = ({ given, options }) => [given, options];
const quantile = ({ args, given, options }) => [args.column, args.quantile, given, options];
const histogram = ({ args: { column, binningUdf, maxBins, binCount, customEdges }, given, options }) =>
  [column, given, { ...options, binning: binning(binningUdf), maxBins, binCount, customEdges }];

const METHODS = {
  hasSize: onTable,
  hasColumnCount: onTable,
  hasColumn: assumed,
  isComplete: assumed,
  areComplete: assumed,
  areAnyComplete: assumed,
  isUnique: assumed,
  areUnique: assumed,
  isPrimaryKey: ({ args, options }) => [[args.column, ...(args.columns ?? [])], options],
  satisfies: ({ args, given, options }) =>
    [args.columnCondition, args.constraintName, given, { ...options, columns: args.columns }],
  isLessThan: onPair,
  isLessThanOrEqualTo: onPair,
  isGreaterThan: onPair,
  isGreaterThanOrEqualTo: onPair,
  hasCorrelation: onPair,
  hasMutualInformation: onPair,
  isContainedIn: ({ args, given, options }) => (args.allowedValues
    ? [args.column, args.allowedValues, given, options]
    : [args.column, boundsOf(args), options]),
  hasPattern: ({ assay, args, given, options }) =>
    [args.column, pattern(assay, args.pattern), given, { ...options, name: args.name }],
  hasDataType: ({ args, given, options }) => [args.column, args.dataType, given, options],
  hasApproxQuantile: quantile,
  hasExactQuantile: quantile,
  hasNumberOfDistinctValues: histogram,
  hasHistogramValues: histogram,
  hasHistogramBinnedBins: histogram,
  hasHistogramBinnedValues: histogram,
  kllSketchSatisfies: ({ args, given, options }) =>
    [args.column, given, { ...options, kllParameters: args.kllParameters }],
  customSql: ({ args, given, options }) => [args.expression, given, options],
  doesDatasetMatch: async ({ args, given, options, table }) => [
    await table(args.otherDataset), args.keyColumnMappings, given,
    { ...options, matchColumnMappings: args.matchColumnMappings },
  ],
};

function boundsOf({ lowerBound, upperBound, includeLowerBound, includeUpperBound }) {
  return { lower: lowerBound, upper: upperBound, includeLower: includeLowerBound, includeUpper: includeUpperBound };
}

const OPS = {
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
  '<': (x, y) => x < y,
  '<=': (x, y) => x <= y,
  '>': (x, y) => x > y,
  '>=': (x, y) => x >= y,
  between: (x, [low, high]) => x >= low && x <= high,
};

/** The assertion of a golden case as a function. */
export function functionOf(assay, assertion) {
  const { op, pick } = assertion;
  const value = assertion.values?.map(goldenNumber) ?? goldenNumber(assertion.value);
  return (x) => OPS[op](pick ? picked(assay, pick, x) : x, value);
}

/** The assertion of a golden case as a comparator, where it is about a number. */
export function comparatorOf(assay, assertion) {
  const { op, pick, values } = assertion;
  if (pick) return functionOf(assay, assertion);
  const value = goldenNumber(assertion.value);
  switch (op) {
    case '==': return assay.equals(value);
    case '!=': return assay.not(assay.equals(value));
    case '<': return assay.below(value);
    case '<=': return assay.atMost(value);
    case '>': return assay.above(value);
    case '>=': return assay.atLeast(value);
    case 'between': return assay.between(...values.map(goldenNumber));
    default: throw new Error(`unknown op ${op}`);
  }
}

/** The number of a distribution that an assertion tests; what is not there throws, as in Scala. */
function picked(assay, { field, key, bin, bucket, index }, d) {
  if (key !== undefined) return found(d.values.get(key), `key not found: ${key}`)[field];
  if (bin !== undefined) return found(d.bins[bin], String(bin))[field];
  if (bucket !== undefined) return found(d.buckets[bucket], String(bucket))[field];
  if (field === 'parameter') return found(d.parameters[index], String(index));
  if (field === 'argmax') return assay.argmax(d);
  if (field === 'length') return d.buckets.length;
  return d[field];
}

function found(value, message) {
  if (value === undefined) throw new Error(message);
  return value;
}
