import type { Bound } from '../expression/bound.js';
import { groups } from '../states/groups.js';
import type { Ask, Bind, Precondition } from './contract.js';
import { countOfCounts, type CountOfCounts } from './count-of-counts.js';
import { atLeastOne, hasColumn, isNotNested } from './preconditions.js';

/** The columns of a grouping analyzer: one name or several. */
export type ColumnNames = string | readonly string[];

/** Column names as a list. */
export function namesOf(columns: ColumnNames): readonly string[] {
  return typeof columns === 'string' ? [columns] : columns;
}

/** What every grouping analyzer requires of its columns. */
export function requireGroupable(columns: readonly string[]): Precondition[] {
  return [atLeastOne(columns), ...columns.map(hasColumn), ...columns.map(isNotNested)];
}

/** Asks for the sizes of groups; columns are sorted, so that their order does not make another grouping. */
export function askGroups(bind: Bind, columns: readonly string[], where: string | null): Ask<CountOfCounts> {
  return bind.fold(groups, countOfCounts, { inputs: sortedInputs(bind, columns), where: bind.where(where) });
}

/** Bound columns in the order of their names, as all groupings have them. */
export function sortedInputs(bind: Bind, columns: readonly string[]) {
  const bound = columns.map((c) => bind.column(c));
  return bound.sort((a, b) => compareNames(nameOf(a), nameOf(b)));
}

/** The filter, and that all inputs have a value. */
export function knownScope(inputs: readonly Bound[], filter: Bound | null, bind: Bind): Bound | null {
  const sure = new Set(bind.schema.fields.filter((f) => !f.nullable).map((f) => f.name));
  const nullable = inputs.filter((e) => e.kind !== 'column' || !sure.has(e.name));
  const tests = nullable.map((e) => bind.call('isnotnull', [e]));
  const all = filter === null ? tests : [filter, ...tests];
  return all.length === 0 ? null : all.length === 1 ? all[0]! : bind.call('and', all);
}

function nameOf(e: Bound): string {
  return e.kind === 'column' ? e.name : '';
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
