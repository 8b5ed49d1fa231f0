import { textTable, type TextColumn } from '../base/text-table.js';
import { readableNumber } from '../metrics/text.js';
import type { ColumnProfile, CorrelationMatrix, Missingness, NumericColumnProfile, TableProfile } from './profile.js';
import { countBars } from './bars.js';

/** Profiles as tables for a terminal: all columns, then what is special to numbers, texts, times and nested values. */
export function printProfiles({ profiles, numRecords, correlations, missingness }: TableProfile): string {
  const all = [...profiles.values()];
  const counted = (n: number, what: string) => `${readableNumber(n)} ${what}${n === 1 ? '' : 's'}`;
  const head = `${counted(numRecords, 'record')}, ${counted(all.length, 'column')}`;
  const parts = [`${head}\n${textTable(COLUMNS, all.map((p) => columnRow(p, numRecords)))}`];
  const add = (title: string, columns: readonly TextColumn[], rows: readonly (readonly string[])[]) => {
    if (rows.length > 0) parts.push(`${title}\n${textTable(columns, rows)}`);
  };
  add('Numbers', NUMBERS, all.flatMap((p) => (p.kind === 'numeric' ? [numberRow(p)] : [])));
  add('Texts', TEXTS, all.flatMap((p) => (p.text && p.kind !== 'numeric' ? [textRow(p)] : [])));
  add('Dates and times', TIMES, all.flatMap((p) => (p.time ? [timeRow(p)] : [])));
  add('Nested values', NESTED, all.flatMap((p) => (p.nested ? [nestedRow(p)] : [])));
  if (correlations) parts.push(`Correlations\n${correlationTable(correlations)}`);
  if (missingness) parts.push(`Missing together\n${missingTable(missingness)}`);
  const problems = all.flatMap((p) => p.problems.map((problem) => `- ${p.name}: ${problem}`));
  if (problems.length > 0) parts.push(problems.join('\n'));
  return parts.join('\n\n');
}

const right = (...heads: string[]): TextColumn[] => heads.map((head) => ({ head, align: 'right' }));
const NAME: TextColumn = { head: 'column', widest: 32 };
const COLUMNS: readonly TextColumn[] = [
  NAME, { head: 'type', widest: 28 }, ...right('complete', 'distinct'), { head: 'most frequent', widest: 48 },
  { head: 'histogram' },
];
const NUMBERS: readonly TextColumn[] = [
  NAME, ...right('minimum', 'q1', 'median', 'q3', 'maximum', 'mean', 'std dev', 'zeros', 'negative'),
  { head: 'distribution' },
];
const TEXTS: readonly TextColumn[] = [NAME, ...right('shortest', 'mean length', 'longest', 'empty', 'blank')];
const TIMES: readonly TextColumn[] = [
  NAME, { head: 'first' }, { head: 'last' }, ...right('missing days'), { head: 'longest gap' },
];
const NESTED: readonly TextColumn[] = [
  NAME, { head: 'kind' }, ...right('smallest', 'largest', 'empty'), { head: 'members', widest: 60 },
];

const number = (x: number | null) => (x === null ? '' : readableNumber(x));
// 100.0% is complete
const percent = (x: number) => (Number.isNaN(x) ? '' : `${(Math.floor(x * 1000) / 10).toFixed(1)}%`);

function columnRow(p: ColumnProfile, rows: number): string[] {
  const type = p.isDataTypeInferred && p.dataType !== 'String' ? `${p.type}, looks ${p.dataType}` : p.type;
  const exact = p.topValues?.distinct ?? null;
  const distinct = exact === null ? `~${readableNumber(p.approximateNumDistinctValues)}` : readableNumber(exact);
  const top = p.topValues?.values.slice(0, 3).filter((v) => v.count > 1 || rows <= 3) ?? [];
  return [
    p.name,
    type,
    percent(p.completeness),
    p.topValues ? distinct : '',
    top.map((v) => `${shown(v.value)} ${percent(v.ratio)}`).join(', '),
    p.histogram && p.kind !== 'numeric' ? countBars([...p.histogram.values.values()].map((v) => v.absolute)) : '',
  ];
}

function shown(value: string): string {
  const short = value.length > 20 ? `${value.slice(0, 19)}…` : value;
  return /^[\w.:@+-]+…?$/.test(short) ? short : JSON.stringify(short);
}

function numberRow(p: NumericColumnProfile): string[] {
  const q = p.number.quartiles;
  return [
    p.name, p.number.exactMinimum ?? number(p.minimum), number(q && q.q1), number(q && q.median), number(q && q.q3),
    p.number.exactMaximum ?? number(p.maximum), number(p.mean), number(p.stdDev), number(p.zerosCount),
    number(p.number.negativeCount),
    distribution(p),
  ];
}

/** From the buckets of the sketch, or else from the histogram in the order of its numbers. */
function distribution(p: NumericColumnProfile): string {
  if (p.kll) return countBars(p.kll.buckets.map((b) => b.count));
  const [low, high] = [p.minimum, p.maximum];
  if (!p.histogram || low === null || high === null || !Number.isFinite(high - low)) return '';
  const cells = high === low ? 1 : Math.min(20, p.histogram.values.size);
  const counts = new Array<number>(cells).fill(0);
  for (const [key, { absolute }] of p.histogram.values) {
    const x = Number(key);
    if (key === '' || !(x >= low && x <= high)) continue;
    counts[high === low ? 0 : Math.min(cells - 1, Math.floor(((x - low) / (high - low)) * cells))]! += absolute;
  }
  return countBars(counts);
}

function textRow({ name, text }: ColumnProfile): string[] {
  return [
    name, number(text!.minLength), text!.meanLength === null ? '' : text!.meanLength.toFixed(1),
    number(text!.maxLength),
    number(text!.emptyCount), number(text!.blankCount),
  ];
}

function timeRow({ name, time }: ColumnProfile): string[] {
  const gap = time!.longestGap;
  const days = (n: number) => `${readableNumber(n)} day${n === 1 ? '' : 's'}`;
  return [
    name, time!.minimum ?? '', time!.maximum ?? '',
    time!.missingDays === null ? 'not counted' : number(time!.missingDays),
    gap ? `${days(gap.days)} from ${gap.from} to ${gap.to}` : '',
  ];
}

function nestedRow({ name, nested }: ColumnProfile): string[] {
  const members = nested!.fields.map((f) => `${f.name} ${f.type}`).join(', ');
  return [name, nested!.kind, number(nested!.minSize), number(nested!.maxSize), number(nested!.emptyCount), members];
}

function correlationTable({ columns, values }: CorrelationMatrix): string {
  const right = columns.map((head): TextColumn => ({ head, align: 'right' }));
  const heads: TextColumn[] = [{ head: '', widest: 32 }, ...right];
  const cell = (x: number) => (Number.isNaN(x) ? '' : x.toFixed(2).replace('-0.00', '0.00'));
  return textTable(heads, columns.map((name, i) => [name, ...values[i]!.map(cell)]));
}

const PATTERNS = 10;

function missingTable({ patterns, distinct }: Missingness): string {
  const rows = patterns.slice(0, PATTERNS)
    .map((p) => [p.missing.join(', ') || 'nothing', readableNumber(p.count), percent(p.ratio)]);
  const rest = distinct > rows.length ? `\n${readableNumber(distinct - rows.length)} more combinations` : '';
  return textTable([{ head: 'without a value' }, ...right('records', 'part')], rows) + rest;
}
