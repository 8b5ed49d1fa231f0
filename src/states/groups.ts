import type { TableSpec } from './contract.js';
import { addRows, addSingle, openTable } from './table/accumulator.js';
import { countsOfSingles } from './table/ascent.js';
import { keyPartsOf, type GroupsOptions } from './table/key-parts.js';
import { mergeParts } from './table/merge.js';
import { RowHasher } from './table/row-hashes.js';
import { countsOf, groupsOf } from './table/view.js';

export type { GroupsOptions } from './table/key-parts.js';

/**
 * Rows per distinct combination of values, exact by value: nulls are equal, NaNs are equal, -0.0 is 0.0, strings
 * differ by any byte.
 * With a measure also its int64 sum, which wraps as Spark's does. The group whose values are all null stands apart:
 * `allNull` of a
 * CountsView, the last group of a GroupView.
 */
export const groups: TableSpec<GroupsOptions | undefined> = Object.freeze({
  kind: 'table',
  name: 'groups',
  version: 1,
  law: 'exact',
  open(request, kernels, budget, needs) {
    const parts = keyPartsOf(request);
    const keys = request.inputs.slice(0, parts.types.length);
    const measure = parts.measured ? request.inputs.at(-1)! : null;
    const { where } = request;
    const hasher = measure ? null : new RowHasher(kernels, keys, parts.direct, needs === 'keys', budget);
    return openTable(kernels, budget, needs, parts, hasher, (sink, batch) => {
      if (parts.direct && !measure) addSingle(sink, batch, keys[0]!, where);
      else addRows(sink, batch, keys, measure, where, parts.direct);
    });
  },
  merge(parts, request, kernels, needs) {
    const { shape, measured } = keyPartsOf(request);
    return mergeParts(parts, { shape, measured, keepsKeys: needs === 'keys' }, kernels);
  },
  apart: countsOfSingles,
  read: (part, request) => groupsOf(part, keyPartsOf(request)),
  counts: (part, request, hashed) => countsOf(part, keyPartsOf(request).shape, hashed),
} satisfies TableSpec<GroupsOptions | undefined>);
