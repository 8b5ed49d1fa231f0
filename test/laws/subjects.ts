import * as assay from '../../src/index.js';
import type { Analyzer } from '../../src/analyzers/contract.js';
import type { AnalyzerFactory } from '../../src/analyzers/define.js';

const counted = () => ({ counts: new Map([['a', 1]]), total: 1 });
const whole = (ratio: number) => ratio === 1;
const bin = (value: unknown) => (value === null ? null : 'some');

/** Two ways of making each analyzer: with as little and with as much as it takes. */
export const subjects: Readonly<Record<string, () => readonly Analyzer[]>> = {
  Size: () => [assay.Size(), assay.Size({ where: 'a > 1' })],
  ColumnCount: () => [assay.ColumnCount()],
  ColumnExists: () => [assay.ColumnExists('a')],
  Completeness: () => [assay.Completeness('a'), assay.Completeness('a', { where: 'b > 1', filteredRow: 'NULL' })],
  Compliance: () => [
    assay.Compliance('rule', 'a > 1'),
    assay.Compliance('rule', 'a > 1', { where: 'b > 1', columns: ['a', 'b'], nullBehavior: 'Fail' }),
  ],
  PatternMatch: () => [
    assay.PatternMatch('s', '^a'),
    assay.PatternMatch('s', assay.Patterns.EMAIL, { where: 'b > 1' }),
  ],
  ZerosCount: () => [assay.ZerosCount('a'), assay.ZerosCount('a', { where: 'b > 1' })],
  Minimum: () => [assay.Minimum('a'), assay.Minimum('a', { where: 'b > 1', nullBehavior: 'Ignore' })],
  Maximum: () => [assay.Maximum('a'), assay.Maximum('a', { where: 'b > 1', filteredRow: 'TRUE' })],
  Range: () => [assay.Range('a'), assay.Range('a', { where: 'b > 1' })],
  MinLength: () => [assay.MinLength('s'), assay.MinLength('s', { nullBehavior: 'EmptyString' })],
  MaxLength: () => [assay.MaxLength('s'), assay.MaxLength('s', { nullBehavior: 'Fail', where: 'b > 1' })],
  Sum: () => [assay.Sum('a'), assay.Sum('a', { where: 'b > 1' })],
  Mean: () => [assay.Mean('a'), assay.Mean('a', { where: 'b > 1' })],
  RatioOfSums: () => [assay.RatioOfSums('a', 'b'), assay.RatioOfSums('a', 'b', { where: 'b > 1' })],
  StandardDeviation: () => [assay.StandardDeviation('a'), assay.StandardDeviation('a', { where: 'b > 1' })],
  Variance: () => [assay.Variance('a'), assay.Variance('a', { where: 'b > 1' })],
  Skewness: () => [assay.Skewness('a'), assay.Skewness('a', { where: 'b > 1' })],
  Kurtosis: () => [assay.Kurtosis('a'), assay.Kurtosis('a', { where: 'b > 1' })],
  Correlation: () => [assay.Correlation('a', 'b'), assay.Correlation('a', 'b', { where: 'b > 1' })],
  ApproxCountDistinct: () => [assay.ApproxCountDistinct('a'), assay.ApproxCountDistinct('a', { where: 'b > 1' })],
  ApproxQuantile: () => [
    assay.ApproxQuantile('a', 0.5),
    assay.ApproxQuantile('a', 0.25, { relativeError: 0.001, where: 'b > 1' }),
  ],
  ApproxQuantiles: () => [
    assay.ApproxQuantiles('a', [0.5]),
    assay.ApproxQuantiles('a', [0.1, 0.9], { relativeError: 0 }),
  ],
  KLLSketch: () => [assay.KLLSketch('a'), assay.KLLSketch('a', assay.KLLParameters(64, 0.5, 10))],
  ExactQuantile: () => [assay.ExactQuantile('a', 0.5), assay.ExactQuantile('a', 1, { where: 'b > 1' })],
  InterquartileRange: () => [assay.InterquartileRange('a'), assay.InterquartileRange('a', { where: 'b > 1' })],
  DataType: () => [assay.DataType('s'), assay.DataType('s', { where: 'b > 1' })],
  Histogram: () => [
    assay.Histogram('s'),
    assay.Histogram('s', {
      maxDetailBins: 3, where: 'b > 1', computeFrequenciesAsRatio: false, aggregateFunction: { sum: 'a' },
    }),
  ],
  HistogramBinned: () => [
    assay.HistogramBinned('a', { binCount: 4 }),
    assay.HistogramBinned('a', {
      customEdges: [0, 1.5, Infinity], includeOverflowBins: true, aggregateFunction: { sum: 'b' },
    }),
  ],
  CountDistinct: () => [assay.CountDistinct('a'), assay.CountDistinct(['a', 's'])],
  Distinctness: () => [assay.Distinctness('a'), assay.Distinctness(['a', 's'], { where: 'b > 1' })],
  Uniqueness: () => [assay.Uniqueness('a'), assay.Uniqueness(['a', 's'], { where: 'b > 1', filteredRow: 'NULL' })],
  UniqueValueRatio: () => [assay.UniqueValueRatio('a'), assay.UniqueValueRatio(['a', 's'], { where: 'b > 1' })],
  DuplicateRowCount: () => [
    assay.DuplicateRowCount(), assay.DuplicateRowCount('a'), assay.DuplicateRowCount(['a', 's']),
  ],
  Entropy: () => [assay.Entropy('a'), assay.Entropy('a', { where: 'b > 1' })],
  MutualInformation: () => [
    assay.MutualInformation(['a', 's']),
    assay.MutualInformation(['a', 's'], { where: 'b > 1' }),
  ],
  FunctionalDependency: () => [
    assay.FunctionalDependency('a', 's'),
    assay.FunctionalDependency(['s', 'b'], 'a', { where: 'b > 1' }),
  ],
  ReferentialIntegrityAnalyzer: () => [
    assay.ReferentialIntegrityAnalyzer('a', 'other', 'x'),
    assay.ReferentialIntegrityAnalyzer(['a', 's'], 'other', ['x', 't']),
  ],
  CustomSql: () => [assay.CustomSql('SELECT 1'), assay.CustomSql('SELECT 2', 'two')],
  CustomAggregator: () => [assay.CustomAggregator(counted, 'm'), assay.CustomAggregator(counted, 'm', 'other')],
  DatasetMatchAnalyzer: () => [
    assay.DatasetMatchAnalyzer('other', [['a', 'a']], whole),
    assay.DatasetMatchAnalyzer('other', { a: 'x' }, whole, { matchColumnMappings: { s: 't' } }),
  ],
};

/** Further analyzers that hold functions or tables, which JSON cannot carry. */
export const functional = (): readonly Analyzer[] => [assay.Histogram('s', { binning: bin })];

/** Every registered factory by its name. */
export const factories = new Map<string, AnalyzerFactory<any, any>>(assay.analyzers.map((a) => [a.spec.name, a]));
