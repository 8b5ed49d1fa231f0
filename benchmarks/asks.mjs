// The questions of `cases.mjs` as Assay asks them.
import {
  AnalysisRunner, ApproxCountDistinct, ApproxQuantile, Check, CheckLevel, ColumnProfilerRunner, Completeness, Compliance, Correlation, DataType, ExactQuantile, Maximum,
  MaxLength, Mean, Minimum, MinLength, Size, StandardDeviation, Sum, Uniqueness, VerificationSuite, above, atLeast, atMost, between, equals,
} from 'assay';
import { parquet } from 'assay/node';
import { EMAIL, MORE } from './cases.mjs';
import { CATEGORIES, STATUSES } from './mixed.mjs';

const NUMBERS = ['star_rating', 'helpful_votes', 'total_votes', 'price', 'year'];
const TEXTS = ['marketplace', 'customer_id', 'review_id', 'product_id', 'product_title', 'vine', 'verified_purchase', 'review_headline', 'review_body'];
const ALL = [...TEXTS, ...NUMBERS, 'review_date'];

export const reviewCheck = () =>
  Check(CheckLevel.Error, 'Review Check')
    .hasSize((n) => n >= 3_000_000)
    .hasMin('star_rating', (v) => v === 1)
    .hasMax('star_rating', (v) => v === 5)
    .isComplete('review_id')
    .isUnique('review_id')
    .isComplete('marketplace')
    .isContainedIn('marketplace', ['US', 'UK', 'DE', 'JP', 'FR'])
    .isNonNegative('year');

export const sevenAnalyzers = [
  Size(), Completeness('review_id'), ApproxCountDistinct('review_id'), Mean('star_rating'), Compliance('top star_rating', 'star_rating >= 4.0'),
  Correlation('total_votes', 'star_rating'), Correlation('total_votes', 'helpful_votes'),
];

const inUs = { where: "marketplace = 'US'" };
const bought = { where: "verified_purchase = 'Y'" };
const notVine = { where: "vine = 'N'" };
const filteredMetrics = [
  Size(inUs), Completeness('review_headline', inUs), Minimum('star_rating', inUs), Maximum('star_rating', inUs),
  Mean('price', bought), Minimum('price', bought), MinLength('product_title', notVine), MaxLength('product_title', notVine),
];
const allColumns = [
  Size(),
  ...ALL.flatMap((c) => [Completeness(c), ApproxCountDistinct(c), DataType(c)]),
  ...TEXTS.flatMap((c) => [MinLength(c), MaxLength(c)]),
  ...NUMBERS.flatMap((c) => [Minimum(c), Maximum(c), Mean(c), Sum(c), StandardDeviation(c), ...[0.25, 0.5, 0.75].map((q) => ApproxQuantile(c, q))]),
];

/** The constraints on the mixed table. */
export const mixedCheck = () =>
  Check(CheckLevel.Error, 'Mixed')
    .hasSize(atLeast(1))
    .isComplete('id')
    .isUnique('id')
    .isContainedIn('category', CATEGORIES)
    .isContainedIn('status', STATUSES)
    .hasPattern('email', EMAIL, atLeast(0.9))
    .hasCompleteness('email', atLeast(0.95))
    .hasMin('amount', atLeast(0))
    .hasMax('amount', atMost(1000))
    .hasMean('amount', between(400, 600))
    .isNonNegative('quantity')
    .hasMin('rating', equals(1))
    .hasMax('rating', equals(5))
    .hasStandardDeviation('price', above(1))
    .hasCompleteness('discount', atLeast(0.8))
    .satisfies('score >= 0 AND score <= 100', 'score in range');

/** The same and three constraints on each of seventy doubles: 226. */
export const wideCheck = () =>
  MORE.reduce((check, c) => check.hasMin(c, atLeast(0)).hasMax(c, atMost(1000)).hasCompleteness(c, atLeast(0.9)), mixedCheck());

const verifying = (check) => (path, options) => VerificationSuite().onData(parquet(path)).addCheck(check()).run(options);
const analyze = (analyzers) => (path, options) => AnalysisRunner().onData(parquet(path)).addAnalyzers(analyzers).run(options);
const profile = (path, options) => ColumnProfilerRunner().onData(parquet(path)).run(options);

const asks = {
  'review check': verifying(reviewCheck),
  'seven analyzers': analyze(sevenAnalyzers),
  'three filters': analyze(filteredMetrics),
  'all columns': analyze(allColumns),
  profile,
  'profile 10m': profile,
  uniqueness: analyze([Uniqueness('review_id')]),
  'exact quantile': analyze([ExactQuantile('price', 0.5)]),
  mixed: verifying(mixedCheck),
  'mixed 10m': verifying(mixedCheck),
  wide: verifying(wideCheck),
};

/** Runs the questions of a case on the table at a path. */
export function ask(c, path, options) {
  return asks[c.asks ?? c.name](path, options);
}
