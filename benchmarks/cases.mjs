// The questions that are timed: each as Assay asks it and as a person would write it by hand for DuckDB.
import {
  AnalysisRunner, ApproxCountDistinct, ApproxQuantile, Check, CheckLevel, ColumnProfilerRunner, Completeness, Compliance, Correlation, DataType, ExactQuantile, Maximum,
  MaxLength, Mean, Minimum, MinLength, Size, StandardDeviation, Sum, Uniqueness, VerificationSuite, above, atLeast, atMost, between, equals,
} from 'assay';
import { parquet } from 'assay/node';
import { CATEGORIES, STATUSES, doubles } from './mixed.mjs';

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
const filteredSql = `count(*) filter (where marketplace = 'US'), count(review_headline) filter (where marketplace = 'US'),
  min(star_rating) filter (where marketplace = 'US'), max(star_rating) filter (where marketplace = 'US'),
  avg(price) filter (where verified_purchase = 'Y'), min(price) filter (where verified_purchase = 'Y'),
  min(length(product_title)) filter (where vine = 'N'), max(length(product_title)) filter (where vine = 'N')`;

const allColumns = [
  Size(),
  ...ALL.flatMap((c) => [Completeness(c), ApproxCountDistinct(c), DataType(c)]),
  ...TEXTS.flatMap((c) => [MinLength(c), MaxLength(c)]),
  ...NUMBERS.flatMap((c) => [Minimum(c), Maximum(c), Mean(c), Sum(c), StandardDeviation(c), ...[0.25, 0.5, 0.75].map((q) => ApproxQuantile(c, q))]),
];

const EMAIL = '^[a-z0-9._]+@[a-z0-9.]+\\.[a-z]{2,}$';

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

const MORE = doubles(70);

/** The same and three constraints on each of seventy doubles: 226. */
export const wideCheck = () =>
  MORE.reduce((check, c) => check.hasMin(c, atLeast(0)).hasMax(c, atMost(1000)).hasCompleteness(c, atLeast(0.9)), mixedCheck());

const listed = (values) => values.map((v) => `'${v}'`).join(', ');
const mixedSql = `count(*), count(id), count(*) filter (where category is null or category in (${listed(CATEGORIES)})),
  count(*) filter (where status is null or status in (${listed(STATUSES)})), count(*) filter (where regexp_matches(email, '${EMAIL}')), count(email),
  min(amount), max(amount), avg(amount), count(*) filter (where coalesce(cast(quantity as double), 0.0) >= 0), min(rating), max(rating), stddev_pop(price),
  count(discount), count(*) filter (where score >= 0 and score <= 100)`;
const uniqueIds = (t) => `select count(*) filter (where n = 1), sum(n) from (select count(*) as n from ${t} where id is not null group by id)`;
const verifying = (check) => (path, options) => VerificationSuite().onData(parquet(path)).addCheck(check()).run(options);
const mixed = { assay: verifying(mixedCheck), sql: (t) => [`select ${mixedSql} from ${t}`, uniqueIds(t)] };

const profile = {
  assay: (path, options) => ColumnProfilerRunner().onData(parquet(path)).run(options),
  sql: (t) => [`summarize select * from ${t}`],
};

const analyze = (analyzers) => (path, options) => AnalysisRunner().onData(parquet(path)).addAnalyzers(analyzers).run(options);

const all = [
  {
    name: 'review check',
    what: '8 constraints of the worked example, exact uniqueness',
    target: 0.25,
    assay: (path, options) => VerificationSuite().onData(parquet(path)).addCheck(reviewCheck()).run(options),
    sql: (t) => [
      `select count(*), min(star_rating), max(star_rating), count(review_id), count(marketplace),
         count(*) filter (where marketplace is null or marketplace in ('US', 'UK', 'DE', 'JP', 'FR')),
         count(*) filter (where coalesce(cast(year as double), 0.0) >= 0) from ${t}`,
      `select count(*) filter (where n = 1), sum(n) from (select count(*) as n from ${t} where review_id is not null group by review_id)`,
    ],
  },
  {
    name: 'seven analyzers',
    what: 'size, completeness, distinct count, mean, compliance, two correlations',
    target: 0.5,
    assay: analyze(sevenAnalyzers),
    sql: (t) => [
      `select count(*), count(review_id), approx_count_distinct(review_id), avg(star_rating), count(*) filter (where star_rating >= 4.0),
         corr(total_votes, star_rating), corr(total_votes, helpful_votes) from ${t}`,
    ],
  },
  {
    name: 'three filters',
    what: 'eight metrics of four columns under three filters over others',
    target: 0.5,
    assay: analyze(filteredMetrics),
    sql: (t) => [`select ${filteredSql} from ${t}`],
  },
  {
    name: 'all columns',
    what: `${allColumns.length} metrics of 15 columns, against SUMMARIZE`,
    target: 0.5,
    assay: analyze(allColumns),
    sql: (t) => [`summarize select * from ${t}`],
  },
  {
    name: 'profile',
    what: 'the profile of 15 columns, against SUMMARIZE, which has no histograms, no types in texts, no frequent values',
    target: 0.3,
    ...profile,
  },
  {
    name: 'profile 10m',
    what: 'the profile of 10 million rows of 10 columns, against SUMMARIZE',
    data: 'mixed-10m',
    target: 0.7,
    ...profile,
  },
  {
    name: 'uniqueness',
    what: 'exact uniqueness of review_id alone',
    assay: analyze([Uniqueness('review_id')]),
    sql: (t) => [`select count(*) filter (where n = 1), sum(n) from (select count(*) as n from ${t} where review_id is not null group by review_id)`],
  },
  {
    name: 'exact quantile',
    what: 'exact median of price',
    assay: analyze([ExactQuantile('price', 0.5)]),
    sql: (t) => [`select quantile_cont(price, 0.5) from ${t}`],
  },
  {
    name: 'mixed',
    what: '16 constraints on 1 million rows of 10 columns, exact uniqueness',
    data: 'mixed-1m',
    target: 0.7,
    ...mixed,
  },
  {
    name: 'mixed 10m',
    what: '16 constraints on 10 million rows of 10 columns, exact uniqueness',
    data: 'mixed-10m',
    target: 0.2,
    ...mixed,
  },
  {
    name: 'wide',
    what: '226 constraints on 1 million rows of 80 columns, exact uniqueness',
    data: 'mixed-80c',
    target: 0.3,
    assay: verifying(wideCheck),
    sql: (t) => [`select ${mixedSql}, ${MORE.map((c) => `min(${c}), max(${c}), count(${c})`).join(', ')} from ${t}`, uniqueIds(t)],
  },
];

/** The same on the reviews as Zstandard packs them. */
const zstd = ['review check', 'seven analyzers', 'all columns'].map((name) => {
  const found = all.find((c) => c.name === name);
  return { ...found, name: `${name}, zstd`, what: `${found.what}; pages are packed with Zstandard`, data: 'reviews-zstd', target: 0.8 };
});

/** Each on the reviews, unless `data` names another table. `assay(path, options)` runs the questions; `sql(table)` gives the statements that answer the same; `target`: the ratio that must hold. */
export const cases = [...all, ...zstd];
