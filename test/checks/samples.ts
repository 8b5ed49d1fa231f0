import type { constraints } from '../../src/checks/methods.js';
import { Histogram, InMemoryMetricsRepository, OnlineNormalStrategy, Size, atLeast, atMost, between, type Check } from '../../src/index.js';

/** Which columns a sample asks for: one of numbers, one of texts. */
export interface SampleColumns {
  readonly n: string;
  readonly t: string;
}

const any = atLeast(-1e300);
const yes = () => true;

/** Every method called once, so that the constraint can be judged on a table with those columns. */
export const samples: { readonly [M in keyof typeof constraints]: (c: Check, columns: SampleColumns) => Check } = {
  hasSize: (c) => c.hasSize(any),
  hasColumnCount: (c) => c.hasColumnCount(any),
  hasColumn: (c, { n }) => c.hasColumn(n),
  hasZerosCount: (c, { n }) => c.hasZerosCount(n, any),
  hasDuplicateRowCount: (c, { n, t }) => c.hasDuplicateRowCount([n, t], any),
  isComplete: (c, { n }) => c.isComplete(n),
  hasCompleteness: (c, { n }) => c.hasCompleteness(n, any),
  areComplete: (c, { n, t }) => c.areComplete([n, t]),
  haveCompleteness: (c, { n, t }) => c.haveCompleteness([n, t], any),
  areAnyComplete: (c, { n, t }) => c.areAnyComplete([n, t]),
  haveAnyCompleteness: (c, { n, t }) => c.haveAnyCompleteness([n, t], any),
  isUnique: (c, { n }) => c.isUnique(n),
  areUnique: (c, { n, t }) => c.areUnique([n, t]),
  isPrimaryKey: (c, { n }) => c.isPrimaryKey(n),
  hasUniqueness: (c, { n }) => c.hasUniqueness(n, any),
  hasDistinctness: (c, { n, t }) => c.hasDistinctness([n, t], any),
  hasUniqueValueRatio: (c, { t }) => c.hasUniqueValueRatio(t, any),
  hasFunctionalDependency: (c, { n, t }) => c.hasFunctionalDependency([n], t, any),
  satisfies: (c, { n }) => c.satisfies(`\`${n}\` > 0`, 'positive', any, { columns: [n] }),
  isNonNegative: (c, { n }) => c.isNonNegative(n, any),
  isPositive: (c, { n }) => c.isPositive(n, any),
  isLessThan: (c, { n }) => c.isLessThan(n, n, any),
  isLessThanOrEqualTo: (c, { n }) => c.isLessThanOrEqualTo(n, n, any),
  isGreaterThan: (c, { n }) => c.isGreaterThan(n, n, any),
  isGreaterThanOrEqualTo: (c, { n }) => c.isGreaterThanOrEqualTo(n, n, any),
  isContainedIn: (c, { t }) => c.isContainedIn(t, ['a', 'b'], any),
  hasPattern: (c, { t }) => c.hasPattern(t, /^[a-z]+$/i, any),
  containsCreditCardNumber: (c, { t }) => c.containsCreditCardNumber(t, any),
  containsEmail: (c, { t }) => c.containsEmail(t, any),
  containsURL: (c, { t }) => c.containsURL(t, any),
  containsSocialSecurityNumber: (c, { t }) => c.containsSocialSecurityNumber(t, any),
  hasDataType: (c, { t }) => c.hasDataType(t, 'String', any),
  hasMin: (c, { n }) => c.hasMin(n, any),
  hasMax: (c, { n }) => c.hasMax(n, any),
  hasMinLength: (c, { t }) => c.hasMinLength(t, any),
  hasMaxLength: (c, { t }) => c.hasMaxLength(t, any),
  hasRange: (c, { n }) => c.hasRange(n, any),
  hasInterquartileRange: (c, { n }) => c.hasInterquartileRange(n, any),
  hasMean: (c, { n }) => c.hasMean(n, any),
  hasSum: (c, { n }) => c.hasSum(n, any),
  hasStandardDeviation: (c, { n }) => c.hasStandardDeviation(n, any),
  hasVariance: (c, { n }) => c.hasVariance(n, any),
  hasSkewness: (c, { n }) => c.hasSkewness(n, any),
  hasKurtosis: (c, { n }) => c.hasKurtosis(n, any),
  hasApproxCountDistinct: (c, { n }) => c.hasApproxCountDistinct(n, any),
  hasEntropy: (c, { n }) => c.hasEntropy(n, any),
  hasCorrelation: (c, { n }) => c.hasCorrelation(n, n, between(-2, 2)),
  hasMutualInformation: (c, { n, t }) => c.hasMutualInformation(n, t, any),
  hasApproxQuantile: (c, { n }) => c.hasApproxQuantile(n, 0.5, any),
  hasExactQuantile: (c, { n }) => c.hasExactQuantile(n, 0.5, any),
  hasNumberOfDistinctValues: (c, { n }) => c.hasNumberOfDistinctValues(n, any, { maxBins: 10 }),
  hasHistogramValues: (c, { t }) => c.hasHistogramValues(t, yes),
  hasHistogramBinnedBins: (c, { n }) => c.hasHistogramBinnedBins(n, atMost(10), { customEdges: [0, 1, Infinity] }),
  hasHistogramBinnedValues: (c, { n }) => c.hasHistogramBinnedValues(n, yes),
  kllSketchSatisfies: (c, { n }) => c.kllSketchSatisfies(n, yes, { kllParameters: { sketchSize: 256 } }),
  customSql: (c, { n }) => c.customSql(`SELECT count(\`${n}\`) FROM sample`, any),
  doesDatasetMatch: (c, { n }) => c.doesDatasetMatch('other', { [n]: 'n' }, any, { matchColumnMappings: new Map([['t', 't']]) }),
  hasReferentialIntegrity: (c, { n, t }) => c.hasReferentialIntegrity([n, t], 'other', ['n', 't'], any),
  isNewestPointNonAnomalous: (c) => c.isNewestPointNonAnomalous(InMemoryMetricsRepository(), OnlineNormalStrategy(), Size()),
  hasNoDrift: (c, { t }) => c.hasNoDrift(Histogram(t), new Map([['a', 1]]), any),
  hasNoNumericDrift: (c, { n }) => c.hasNoNumericDrift(n, { repository: InMemoryMetricsRepository() }),
  hasNoCategoricalDrift: (c, { t }) => c.hasNoCategoricalDrift(t, new Map([['a', 1]]), any),
};
