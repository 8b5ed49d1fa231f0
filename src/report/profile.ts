import { readableNumber } from '../metrics/text.js';
import type { ColumnProfiles } from '../profiles/column-profiles.js';
import type { ColumnProfile, NumericColumnProfile } from '../profiles/profile.js';
import { bucketBars, valueBars } from './charts.js';
import { jsonNumber, reportHead, type ReportOptions } from './head.js';
import type { Chart, ProfileReport, ReportColumn } from './model.js';

type Fact = ReportColumn['facts'][number];

/** The report of a profile as plain data, from which every format is made. */
export function profileReport(found: ColumnProfiles, options: ReportOptions = {}): ProfileReport {
  const { profiles, numRecords, correlations, missingness, explanation } = found;
  return {
    kind: 'profile',
    ...reportHead('Profile', numRecords, options),
    columns: [...profiles.values()].map((p) => columnOf(p)),
    correlations: correlations && { columns: correlations.columns, values: correlations.values.map((row) => row.map(jsonNumber)) },
    missing: missingness && missingness.patterns.map(({ missing, count }) => ({ columns: missing, count })),
    explanation: String(explanation),
  };
}

function columnOf(p: ColumnProfile): ReportColumn {
  return {
    name: p.name,
    type: p.type,
    inferred: p.isDataTypeInferred ? p.dataType : null,
    completeness: jsonNumber(p.completeness),
    facts: [...commonFacts(p), ...(p.kind === 'numeric' ? numberFacts(p) : textFacts(p)), ...otherFacts(p)],
    charts: chartsOf(p),
    problems: p.problems,
  };
}

function commonFacts(p: ColumnProfile): Fact[] {
  const exact = p.topValues?.distinct ?? null;
  return facts([
    ['nulls', p.nulls],
    ['distinct values', p.topValues === null ? null : exact ?? `about ${readableNumber(p.approximateNumDistinctValues)}`],
  ]);
}

function numberFacts(p: NumericColumnProfile): Fact[] {
  const { number } = p;
  return facts([
    ['minimum', grouped(number.exactMinimum) ?? p.minimum],
    ['quartiles', number.quartiles && [number.quartiles.q1, number.quartiles.median, number.quartiles.q3].map(readableNumber).join(', ')],
    ['maximum', grouped(number.exactMaximum) ?? p.maximum],
    ['mean', p.mean],
    ['standard deviation', p.stdDev],
    ['sum', p.sum],
    ['zeros', p.zerosCount],
    ['negative', number.negativeCount],
    ['not a number', number.nanCount || null],
    ['texts that are no number', number.uncastable || null],
  ]);
}

/** All digits of a number, the whole ones in groups of three as in other numbers. */
function grouped(exact: string | null): string | null {
  return exact && exact.replace(/\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, ','));
}

function textFacts({ text }: ColumnProfile): Fact[] {
  if (!text) return [];
  return facts([
    ['length', text.minLength === null ? null : `${text.minLength} to ${text.maxLength}, mean ${readableNumber(text.meanLength!)}`],
    ['empty', text.emptyCount],
    ['blank', text.blankCount],
  ]);
}

function otherFacts({ time, nested }: ColumnProfile): Fact[] {
  return facts([
    ['first', time?.minimum ?? null],
    ['last', time?.maximum ?? null],
    ['days missing between', time?.missingDays ?? null],
    ['longest gap', time?.longestGap ? `${time.longestGap.days} days from ${time.longestGap.from}` : null],
    ['elements', nested && nested.minSize !== null ? `${nested.minSize} to ${nested.maxSize}` : null],
    ['members', nested && nested.fields.length > 0 ? nested.fields.map((f) => `${f.name}: ${f.type}`).join(', ') : null],
  ]);
}

function facts(all: readonly (readonly [string, string | number | null])[]): Fact[] {
  return all.flatMap(([name, value]) =>
    (value === null ? [] : [{ name, value: typeof value === 'number' ? readableNumber(value) : value }]));
}

function chartsOf(p: ColumnProfile): Chart[] {
  const charts: Chart[] = [];
  if (p.kind === 'numeric' && p.kll) charts.push(bucketBars('distribution', p.kll));
  if (p.kind === 'numeric' && p.approxPercentiles) {
    const points = p.approxPercentiles.map((value, i) => ({ quantile: (i + 1) / 100, value }));
    charts.push({ kind: 'quantiles', title: 'quantiles', points: points.filter(({ value }) => Number.isFinite(value)) });
  }
  if (p.histogram) charts.push(valueBars('values', p.histogram));
  else if (p.topValues && p.topValues.values.some((v) => v.count > 1)) {
    const bars = p.topValues.values.map((v) => ({ label: v.value, count: v.count }));
    charts.push({ kind: 'bars', title: 'most frequent values', bars, rest: 0, ordered: false });
  }
  return charts;
}
