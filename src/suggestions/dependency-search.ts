import type { Sample, SampledColumn } from './sample.js';

/** Columns of which one may decide another. */
export interface Candidate {
  readonly determinants: readonly string[];
  readonly dependent: string;
  /** The probability that two rows differ in the dependent column. */
  readonly chance: number;
  /** Part of the rows of the sample whose determinants came before. */
  readonly again: number;
}

/** How far the search goes. */
export interface SearchLimits {
  /** So many columns are looked at, and so many as parts of pairs. */
  readonly columns: number;
  readonly paired: number;
  /** So many candidates with one determinant, and with two. */
  readonly singles: number;
  readonly pairs: number;
}

/**
 * Rows that differ from the first row with the same determinants are too many if they are more than this part of what
 * chance gives.
 */
const MOST_ODD = 0.2;
/** Of a column that hardly varies everything seems to follow. */
const LEAST_CHANCE = 0.02;
/** A pair of columns must come again in this part of the rows, or it says nothing. */
const LEAST_AGAIN = 0.1;

/** The columns that are looked at: those that may decide, and those that may be decided. */
export interface SearchColumns {
  readonly deciding: readonly string[];
  readonly decided: readonly string[];
}

/**
 * Columns that decide another one in a sample, the clearest first. What does not hold there does not hold in the whole
 * either; what does, may, and has to be counted.
 */
export function dependencyCandidates(
  sample: Sample, { deciding, decided }: SearchColumns, limits: SearchLimits,
): readonly Candidate[] {
  const chances = new Map(decided.slice(0, limits.columns).map((name) => [name, chanceOf(sample.columns.get(name)!)]));
  const dependents = [...chances].filter(([, chance]) => chance >= LEAST_CHANCE);
  const singles: Found[] = [];
  for (const name of deciding.slice(0, limits.columns)) {
    const keys = sample.columns.get(name)!;
    for (const [dependent, chance] of dependents) {
      if (dependent === name) continue;
      const { odd, again } = oddRows(keys, sample.columns.get(dependent)!);
      if (odd > again * chance * MOST_ODD) continue;
      singles.push(candidate([name], dependent, chance, odd, again, sample.rows));
    }
  }
  const together = pairs(sample, deciding, dependents, singles, limits);
  return [...clearest(singles, limits.singles), ...clearest(together, limits.pairs)];
}

interface Found extends Candidate {
  readonly odd: number;
}

function candidate(
  determinants: readonly string[], dependent: string, chance: number, odd: number, again: number, rows: number,
): Found {
  return { determinants, dependent, chance, again: again / rows, odd: again === 0 ? 0 : odd / (again * chance) };
}

function clearest(found: readonly Found[], count: number): readonly Candidate[] {
  return [...found].sort((a, b) => a.odd - b.odd).slice(0, count)
    .map(({ odd: _, ...candidate }) => candidate);
}

function pairs(
  sample: Sample, deciding: readonly string[], dependents: readonly (readonly [string, number])[],
  singles: readonly Found[], limits: SearchLimits,
): readonly Found[] {
  const decides = new Set(singles.map(({ determinants, dependent }) => JSON.stringify([determinants[0], dependent])));
  const single = (a: string, b: string) => decides.has(JSON.stringify([a, b]));
  const found: Found[] = [];
  const some = deciding.slice(0, limits.paired);
  some.forEach((a, i) => some.slice(i + 1).forEach((b) => {
    if (single(a, b) || single(b, a)) return;
    const both = combined(sample.columns.get(a)!, sample.columns.get(b)!);
    for (const [dependent, chance] of dependents) {
      if (dependent === a || dependent === b || single(a, dependent) || single(b, dependent)) continue;
      const { odd, again } = oddRows(both, sample.columns.get(dependent)!);
      if (again < sample.rows * LEAST_AGAIN || odd > again * chance * MOST_ODD) continue;
      found.push(candidate([a, b], dependent, chance, odd, again, sample.rows));
    }
  }));
  return found;
}

/** How many rows come again with the same key, and how many of them have another value than the first one. */
function oddRows(keys: SampledColumn, of: SampledColumn): { odd: number; again: number } {
  const first = new Int32Array(keys.values.length).fill(-1);
  let [odd, again] = [0, 0];
  for (let i = 0; i < keys.codes.length; ++i) {
    const key = keys.codes[i]!;
    const value = of.codes[i]!;
    if (key < 0 || value < 0) continue;
    if (first[key]! < 0) first[key] = value;
    else {
      ++again;
      if (first[key] !== value) ++odd;
    }
  }
  return { odd, again };
}

/** The probability that two rows with values differ (Gini 1912). */
function chanceOf({ codes, values }: SampledColumn): number {
  const counts = new Float64Array(values.length);
  let known = 0;
  for (const code of codes) {
    if (code < 0) continue;
    ++counts[code]!;
    ++known;
  }
  return known === 0 ? 0 : 1 - counts.reduce((sum, n) => sum + (n / known) ** 2, 0);
}

/** Two columns as one: equal codes where both are equal. */
function combined(a: SampledColumn, b: SampledColumn): SampledColumn {
  const places = new Map<number, number>();
  const codes = a.codes.map((code, i) => {
    const other = b.codes[i]!;
    if (code < 0 || other < 0) return -1;
    const key = code * b.values.length + other;
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = places.size));
    return place;
  });
  return { codes, values: [...places.keys()] };
}
