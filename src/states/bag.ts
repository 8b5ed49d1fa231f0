import { AssayError } from '../base/errors.js';
import { DOUBLE, isNumeric, sqlTypeName } from '../data/types.js';
import type { Request, TableSpec } from './contract.js';
import { addSingle, openTable } from './table/accumulator.js';
import { countsOfSingles } from './table/ascent.js';
import { keyPartsOf, type KeyParts } from './table/key-parts.js';
import { mergeParts } from './table/merge.js';
import { countsOf, groupsOf } from './table/view.js';
import { weightedNumbers } from './weighted-numbers.js';

/** Rows per distinct number, as a double: NaNs are one value and so are zeros; nulls stand apart as in `groups`. */
export const bag: TableSpec = Object.freeze({
  kind: 'table',
  name: 'bag',
  version: 1,
  law: 'exact',
  open(request, kernels, budget, needs) {
    const parts = partsOf(request);
    const [input] = request.inputs;
    const { where } = request;
    return openTable(kernels, budget, needs, parts, null, (sink, batch) => {
      if (input!.type.kind === 'double') return addSingle(sink, batch, input!, where);
      const { values, count, weights, used } = weightedNumbers(batch, input!, where);
      sink.addNulls(batch.scope(where).count - batch.known(input!, where).count);
      const vector = { layout: 'f64', values, bytes: 0 } as const;
      sink.feeder.feed({ vector, rows: count, mask: used, weights, measure: 0, known: 0 });
    });
  },
  merge(parts, request, kernels, needs) {
    return mergeParts(parts, { shape: partsOf(request).shape, measured: false, keepsKeys: needs === 'keys' }, kernels);
  },
  apart: countsOfSingles,
  read: (part, request) => groupsOf(part, partsOf(request)),
  counts: (part, request) => countsOf(part, partsOf(request).shape),
} satisfies TableSpec);

function partsOf(request: Request): KeyParts {
  const [input] = request.inputs;
  if (request.inputs.length !== 1 || !isNumeric(input!.type)) {
    const given = request.inputs.map((e) => sqlTypeName(e.type)).join(', ') || 'nothing';
    throw new AssayError('INVALID_ARGUMENT', `a bag counts the values of one number; given: ${given}`);
  }
  return keyPartsOf({ ...request, inputs: [{ kind: 'column', name: '', type: DOUBLE }], options: undefined });
}
