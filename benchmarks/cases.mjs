// The questions that are timed, each as a person would write it by hand for DuckDB; `asks.mjs` asks Assay the same. Nothing of
// Assay is loaded here: processes that measure DuckDB load these alone.
import { CATEGORIES, STATUSES, doubles } from './mixed.mjs';

const filteredSql = `count(*) filter (where marketplace = 'US'), count(review_headline) filter (where marketplace = 'US'),
  min(star_rating) filter (where marketplace = 'US'), max(star_rating) filter (where marketplace = 'US'),
  avg(price) filter (where verified_purchase = 'Y'), min(price) filter (where verified_purchase = 'Y'),
  min(length(product_title)) filter (where vine = 'N'), max(length(product_title)) filter (where vine = 'N')`;

/** The pattern of mail addresses. */
export const EMAIL = '^[a-z0-9._]+@[a-z0-9.]+\\.[a-z]{2,}$';

/** The doubles of the wide table. */
export const MORE = doubles(70);

const listed = (values) => values.map((v) => `'${v}'`).join(', ');
const mixedSql = `count(*), count(id), count(*) filter (where category is null or category in (${listed(CATEGORIES)})),
  count(*) filter (where status is null or status in (${listed(STATUSES)})), count(*) filter (where regexp_matches(email, '${EMAIL}')), count(email),
  min(amount), max(amount), avg(amount), count(*) filter (where coalesce(cast(quantity as double), 0.0) >= 0), min(rating), max(rating), stddev_pop(price),
  count(discount), count(*) filter (where score >= 0 and score <= 100)`;
const uniqueIds = (t) => `select count(*) filter (where n = 1), sum(n) from (select count(*) as n from ${t} where id is not null group by id)`;
const mixed = (t) => [`select ${mixedSql} from ${t}`, uniqueIds(t)];
const summarize = (t) => [`summarize select * from ${t}`];

const all = [
  {
    name: 'review check',
    what: '8 constraints of the worked example, exact uniqueness',
    target: 0.25,
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
    sql: (t) => [
      `select count(*), count(review_id), approx_count_distinct(review_id), avg(star_rating), count(*) filter (where star_rating >= 4.0),
         corr(total_votes, star_rating), corr(total_votes, helpful_votes) from ${t}`,
    ],
  },
  {
    name: 'three filters',
    what: 'eight metrics of four columns under three filters over others',
    target: 0.5,
    sql: (t) => [`select ${filteredSql} from ${t}`],
  },
  {
    name: 'all columns',
    what: 'every metric of a column of its type, of 15 columns, against SUMMARIZE',
    target: 0.5,
    sql: summarize,
  },
  {
    name: 'profile',
    what: 'the profile of 15 columns, against SUMMARIZE, which has no histograms, no types in texts, no frequent values',
    target: 0.3,
    sql: summarize,
  },
  {
    name: 'profile 10m',
    what: 'the profile of 10 million rows of 10 columns, against SUMMARIZE',
    data: 'mixed-10m',
    target: 0.7,
    sql: summarize,
  },
  {
    name: 'uniqueness',
    what: 'exact uniqueness of review_id alone',
    sql: (t) => [`select count(*) filter (where n = 1), sum(n) from (select count(*) as n from ${t} where review_id is not null group by review_id)`],
  },
  {
    name: 'exact quantile',
    what: 'exact median of price',
    sql: (t) => [`select quantile_cont(price, 0.5) from ${t}`],
  },
  {
    name: 'mixed',
    what: '16 constraints on 1 million rows of 10 columns, exact uniqueness',
    data: 'mixed-1m',
    target: 0.7,
    sql: mixed,
  },
  {
    name: 'mixed 10m',
    what: '16 constraints on 10 million rows of 10 columns, exact uniqueness',
    data: 'mixed-10m',
    target: 0.2,
    sql: mixed,
  },
  {
    name: 'wide',
    what: '226 constraints on 1 million rows of 80 columns, exact uniqueness',
    data: 'mixed-80c',
    target: 0.3,
    sql: (t) => [`select ${mixedSql}, ${MORE.map((c) => `min(${c}), max(${c}), count(${c})`).join(', ')} from ${t}`, uniqueIds(t)],
  },
];

/** The same on the reviews as Zstandard packs them. */
const zstd = ['review check', 'seven analyzers', 'all columns'].map((name) => {
  const found = all.find((c) => c.name === name);
  return { ...found, name: `${name}, zstd`, asks: name, what: `${found.what}; pages are packed with Zstandard`, data: 'reviews-zstd', target: 0.8 };
});

/** Each on the reviews, unless `data` names another table. `asks`: the name of the questions in `asks.mjs`, if it is another. `sql(table)` gives the statements that answer the same; `target`: the ratio that must hold. */
export const cases = [...all, ...zstd];
