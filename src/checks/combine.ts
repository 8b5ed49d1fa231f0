import { AssayError } from '../base/errors.js';
import { isNested, isNumeric, type DataType, type Field, type Schema } from '../data/types.js';
import {
  isAnalysis, isCombined, type ColumnsConstraint, type ColumnSelector, type CombinedConstraint, type Constraint,
  type FieldKind,
} from './constraint.js';
import type { Combination } from './outcomes.js';

/** Constraints combined; `not` takes exactly one, the others at least one. */
export function combine(
  how: Combination,
  of: readonly Constraint[],
  { name, hint }: { readonly name?: string | undefined; readonly hint?: string | undefined } = {},
): CombinedConstraint {
  if (of.length === 0 || (how === 'not' && of.length > 1)) {
    const wanted = how === 'not' ? 'exactly one constraint; combine several by and(…) or or(…) first' : 'constraints';
    throw new AssayError('INVALID_ARGUMENT', `${how}(…) takes ${wanted}, and was given ${of.length}`);
  }
  const graded = how === 'not' ? of.find(hasThresholds) : undefined;
  if (graded) {
    const remedy = 'a warning has no opposite: negate its comparators';
    throw new AssayError('INVALID_ARGUMENT', `not(…) of ${graded.name}, which has thresholds: ${remedy}`);
  }
  const text = `${how}(${of.map((c) => c.name).join(', ')})`;
  return Object.freeze({
    name: name ?? text, combine: how, of: Object.freeze([...of]), ...(hint !== undefined && { hint }),
  });
}

function hasThresholds(constraint: Constraint): boolean {
  if (isAnalysis(constraint)) return constraint.thresholds !== undefined;
  return isCombined(constraint) && constraint.of.some(hasThresholds);
}

/** The same constraints on every column that a selector chooses. */
export function forColumns(
  columns: ColumnSelector,
  each: (column: string) => readonly Constraint[],
  template: readonly object[] | null = null,
): ColumnsConstraint {
  const texts = Array.isArray(columns) && columns.every((c) => typeof c === 'string');
  const kind = isKind(columns) && Object.hasOwn(KINDS, columns.kind);
  if (!(columns instanceof RegExp) && typeof columns !== 'function' && !texts && !kind) {
    const remedy = `give a RegExp, a list of names, a kind (${Object.keys(KINDS).join(', ')}), or a function of a field`;
    throw new AssayError('INVALID_ARGUMENT', `forColumns cannot choose columns by ${typeof columns === 'object' ? JSON.stringify(columns) : String(columns)}; ${remedy}`);
  }
  const chosen = texts ? Object.freeze([...columns as string[]]) : kind ? Object.freeze({ ...columns }) : columns;
  return Object.freeze({ name: `forColumns(${selectorText(chosen)})`, columns: chosen, each, template });
}

const TEMPORAL = new Set<DataType['kind']>(['date', 'timestamp', 'timestamp_ntz', 'time', 'interval_ym', 'interval_ds']);

const KINDS: Readonly<Record<FieldKind, (type: DataType) => boolean>> = {
  numeric: isNumeric,
  string: (type) => type.kind === 'string',
  boolean: (type) => type.kind === 'boolean',
  temporal: (type) => TEMPORAL.has(type.kind),
  binary: (type) => type.kind === 'binary',
  nested: isNested,
};

function isKind(columns: unknown): columns is { readonly kind: FieldKind } {
  return typeof columns === 'object' && columns !== null && 'kind' in columns;
}

/** Which columns are meant, for people. */
export function selectorText(columns: ColumnSelector): string {
  if (columns instanceof RegExp) return String(columns);
  if (typeof columns === 'function') return 'a function';
  return isKind(columns) ? `kind ${columns.kind}` : columns.join(', ');
}

/** Constraints with those on columns made, now that the columns are known. */
export function resolve(constraints: readonly Constraint[], schema: Schema): readonly Constraint[] {
  if (constraints.every(isAnalysis)) return constraints;
  return constraints.flatMap((c) => (isAnalysis(c) ? [c] : isCombined(c) ? [resolveParts(c, schema)] : made(c, schema)));
}

/** Inside a combination, the constraints on all columns are one that demands all of them. */
function resolveParts(whole: CombinedConstraint, schema: Schema): Constraint {
  const { combine: how, of, hint } = whole;
  const name = whole.name.startsWith(`${how}(`) ? undefined : whole.name;
  try {
    return combine(how, of.map((c) => {
      if (isAnalysis(c)) return c;
      if (isCombined(c)) return resolveParts(c, schema);
      const list = made(c, schema);
      return list.length === 1 ? list[0]! : combine('and', list);
    }), { name, hint });
  } catch (thrown) {
    return settled({ name: whole.name, columns: [], each: () => [], template: null }, 'error', messageOf(thrown));
  }
}

function made(constraint: ColumnsConstraint, schema: Schema): readonly Constraint[] {
  if (constraint.settled) return [constraint];
  const { columns, each } = constraint;
  try {
    const names = chosenOf(columns, schema.fields);
    if (names.length === 0) {
      const known = schema.fields.map((f) => f.name).join(', ');
      return [settled(constraint, 'vacuous', `No column is chosen by ${selectorText(columns)}; columns: ${known}`)];
    }
    return names.flatMap((name) => resolve(each(name), schema));
  } catch (thrown) {
    return [settled(constraint, 'error', `Can't make the constraints on columns: ${messageOf(thrown)}`)];
  }
}

/** The names that are chosen; those in a list are taken as they are, whether there or not. */
function chosenOf(columns: ColumnSelector, fields: readonly Field[]): readonly string[] {
  if (typeof columns === 'function') return fields.filter((f) => columns(f)).map((f) => f.name);
  if (isKind(columns)) return fields.filter((f) => KINDS[columns.kind](f.type)).map((f) => f.name);
  if (!(columns instanceof RegExp)) return columns;
  const plain = new RegExp(columns.source, columns.flags.replace(/[gy]/g, '')); // those two remember where they were
  return fields.filter((f) => plain.test(f.name)).map((f) => f.name);
}

function settled(constraint: ColumnsConstraint, outcome: 'vacuous' | 'error', message: string): ColumnsConstraint {
  return Object.freeze({ ...constraint, settled: Object.freeze({ outcome, message }) });
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
