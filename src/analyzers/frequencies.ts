import type { Analyzer } from './contract.js';

const GROUPING = new Set(['Uniqueness', 'UniqueValueRatio', 'Distinctness', 'CountDistinct', 'DuplicateRowCount',
  'Entropy', 'MutualInformation']);

/** Whether an analyzer is one of those that share the frequencies of a grouping in Deequ. */
export function isGrouping({ analyzer }: Analyzer): boolean {
  return GROUPING.has(analyzer);
}

/** Whether Deequ's state of an analyzer is a table of frequencies, which is a state even without rows. */
export function hasFrequencies(analyzer: Analyzer): boolean {
  return analyzer.analyzer === 'Histogram' || isGrouping(analyzer);
}
