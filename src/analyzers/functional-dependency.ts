import type { Fold, GroupView, KeyValue } from '../states/contract.js';
import { groups } from '../states/groups.js';
import { column, columns, where } from './common-params.js';
import { empty } from './contract.js';
import { defineAnalyzer } from './define.js';
import { knownScope, namesOf, requireGroupable, sortedInputs, type ColumnNames } from './grouping.js';
import { whereOf, type WhereOptions } from './params.js';
import { fieldOf, hasColumn, isNotNested } from './preconditions.js';
import { ofColumns } from './shapes.js';

/**
 * Part of the rows that can stay if the determinants shall decide the dependent column: of all rows with the same
 * determinants those with the most frequent value. 1: the dependency holds; what lacks to 1 is the error g3 (Kivinen
 * and Mannila 1995). Rows with a null in any of the columns are left out. One entry per combination of determinants is
 * held in memory while partitions are read.
 */
export const FunctionalDependency = defineAnalyzer({
  name: 'FunctionalDependency',
  doc: 'Part of the rows that can stay if some columns shall decide another one, over the rows that know them all.',
  params: {
    determinants: { ...columns, doc: 'The columns that decide.' },
    dependent: { ...column, doc: 'The column that is decided.' },
    where,
  },
  create: (determinants: ColumnNames, dependent: string, options?: WhereOptions) => ({
    determinants: namesOf(determinants), dependent, where: whereOf(options),
  }),
  metric: (p) => ofColumns('FunctionalDependency', [...p.determinants, p.dependent]),
  requires: (p) => [...requireGroupable(p.determinants), hasColumn(p.dependent), isNotNested(p.dependent)],
  ask: (p, bind) => {
    const inputs = sortedInputs(bind, [...new Set([...p.determinants, p.dependent])]);
    const decide = new Set(p.determinants.map((name) => fieldOf(bind.schema, name)!.name));
    const places = inputs.flatMap((e, i) => (e.kind === 'column' && decide.has(e.name) ? [i] : []));
    const scope = knownScope(inputs, bind.where(p.where), bind);
    return { majority: bind.fold(groups, majorityBy(places), { inputs, where: scope }) };
  },
  answer: ({ majority }) => {
    const { rows, kept } = totals(majority);
    return rows === 0 ? empty : kept / rows;
  },
});

/** Rows, and those with the most frequent value, of each combination of determinants. */
interface Majority {
  readonly slots: Map<KeyValue, number>;
  readonly rows: number[];
  readonly most: number[];
}

function majorityBy(places: readonly number[]): Fold<Majority> {
  return {
    name: `majority-by-${places.join('-')}`,
    needs: 'keys',
    empty: () => ({ slots: new Map(), rows: [], most: [] }),
    add(result, view: GroupView) {
      const { slots, rows, most } = result;
      for (let i = 0; i < view.size; ++i) {
        const parts = places.map((p) => view.key(i, p));
        const key = parts.length === 1 ? comparable(parts[0]!) : parts.map(part).join('');
        const count = view.count(i);
        const slot = slots.get(key);
        if (slot === undefined) {
          slots.set(key, rows.length);
          rows.push(count);
          most.push(count);
        } else {
          rows[slot]! += count;
          if (count > most[slot]!) most[slot] = count;
        }
      }
      return result;
    },
  };
}

/** A key that maps compare by value. */
function comparable(key: KeyValue): KeyValue {
  return key instanceof Uint8Array ? String(key) : key;
}

/** A part of a key with its length, so that parts of different keys cannot run together. */
function part(key: KeyValue): string {
  const text = String(key);
  return `${text.length}:${text}`;
}

function totals({ rows, most }: Majority): { readonly rows: number; readonly kept: number } {
  let [all, kept] = [0, 0];
  for (let i = 0; i < rows.length; ++i) {
    all += rows[i]!;
    kept += most[i]!;
  }
  return { rows: all, kept };
}
