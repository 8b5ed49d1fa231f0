import { AssayError } from '../base/errors.js';
import type { Analyzer } from '../analyzers/contract.js';
import { countedNumbers, exactQuantile } from '../analyzers/number-amounts.js';
import { DOUBLE } from '../data/types.js';
import type { TableSpec } from '../states/contract.js';
import { BlockBuilder, inMemory } from '../states/saved-blocks.js';
import { foldTable } from '../states/saved-table.js';
import type { StateValue, WantedState } from './state-set.js';

/** The quantiles of which Deequ stores the values, as doubles, instead of a state. */
function quantilesOf({ analyzer, params }: Analyzer): readonly number[] {
  return analyzer === 'ExactQuantile' ? [params.quantile as number] : [0.25, 0.75];
}

/** Whether Deequ's file of an analyzer holds its result. */
export function hasResult({ analyzer }: Analyzer): boolean {
  return analyzer === 'ExactQuantile' || analyzer === 'InterquartileRange';
}

/** A result as numbers that have it: each quantile twice, so that nothing is interpolated. It merges with nothing. */
export function readResult({ request, spec, analyzer }: WantedState, bytes: Uint8Array, place: string): StateValue {
  const quantiles = quantilesOf(analyzer);
  if (bytes.length !== 8 * quantiles.length) {
    const found = `${bytes.length} bytes instead of ${8 * quantiles.length}`;
    throw new AssayError('STATE', `${place}: no state of ${String(analyzer)}: ${found}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = quantiles.map((_, i) => view.getFloat64(8 * i));
  if (values.length === 2 && !(values[0]! <= values[1]!)) {
    throw new AssayError('STATE', `${place}: no state of ${String(analyzer)}: quartiles ${values.join(' and ')}`);
  }
  const groups = new BlockBuilder([DOUBLE], false);
  for (const value of new Set(values)) groups.add([value], 2, null);
  const table = {
    types: [DOUBLE], measured: false, blocks: [inMemory.keep(groups.finish())], allNull: { rows: 0, sum: null },
  };
  return { kind: 'table', spec: spec as TableSpec, request, table, answers: [analyzer.key], result: place };
}

/** The result of an analyzer as Deequ stores it; null: there is none. */
export function writeResult(analyzer: Analyzer, value: StateValue): Uint8Array | null {
  if (value.kind !== 'table') throw new AssayError('INTERNAL', 'quantiles without a table of numbers');
  const numbers = foldTable(value.table, countedNumbers);
  const values = quantilesOf(analyzer).map((q) => exactQuantile(numbers, q));
  if (values.includes(null)) return null;
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((x, i) => view.setFloat64(8 * i, x!));
  return new Uint8Array(view.buffer);
}
