import { comparatorJson } from '../../base/comparators.js';
import { AssayError } from '../../base/errors.js';
import { isThresholds, type AnyAssertion, type AnyDemand } from '../assertions.js';
import {
  isAnalysis, isCombined, type AnalysisConstraint, type CheckLevel, type ColumnsConstraint, type Constraint,
} from '../constraint.js';
import { fieldsOf } from '../signatures.js';

/** A check as plain data: `check.schema.json` describes it. */
export interface CheckJson {
  readonly level: CheckLevel;
  readonly description: string;
  readonly constraints: readonly ConstraintJson[];
}

/** A constraint as plain data. */
export type ConstraintJson = Readonly<Record<string, unknown>>;

/** Checks as the content of a file. */
export interface SuiteJson {
  readonly $schema?: string;
  readonly version: 1;
  readonly checks: readonly CheckJson[];
}

/** Checks as the content of a file, which `checksFromJSON` reads; throws if a constraint holds a function. */
export function checksToJSON(checks: Iterable<{ toJSON(): CheckJson }>): SuiteJson {
  return { version: 1, checks: [...checks].map((c) => c.toJSON()) };
}

/** A check as plain data. */
export function checkJson(
  { level, description, constraints }: Omit<CheckJson, 'constraints'> & { readonly constraints: readonly Constraint[] },
): CheckJson {
  return { level, description, constraints: constraints.map(constraintJson) };
}

function constraintJson(constraint: Constraint): ConstraintJson {
  if (isAnalysis(constraint)) return callJson(constraint);
  if (!isCombined(constraint)) return columnsJson(constraint);
  const { combine, of, name, hint } = constraint;
  const parts = of.map(constraintJson);
  const own = name === `${combine}(${of.map((c) => c.name).join(', ')})` ? {} : { name };
  return { [combine]: combine === 'not' ? parts[0] : parts, ...own, ...(hint !== undefined && { hint }) };
}

function columnsJson({ name, columns, template }: ColumnsConstraint): ConstraintJson {
  if (!template || typeof columns === 'function') {
    const remedy = 'write it out for a table by check.forSchema(schema)';
    throw notPlain(name, `its constraints are made by a function; ${remedy}`);
  }
  const chosen = columns instanceof RegExp ? regexJson(columns) : 'kind' in columns ? { kind: columns.kind } : { names: columns };
  return { forColumns: chosen, constraints: template };
}

function regexJson({ source, flags }: RegExp): object {
  return { matching: source, ...(flags === '' ? {} : { flags }) };
}

function callJson({ name, call }: AnalysisConstraint): ConstraintJson {
  if (!call) throw notPlain(name, 'it was made by hand, or compares with a history or a baseline');
  const json: Record<string, unknown> = { constraint: call.method };
  for (const param of fieldsOf(call.method)) {
    const value = call.params[param];
    if (value !== undefined) json[param] = paramJson(name, param, value);
  }
  return json;
}

function paramJson(name: string, param: string, value: unknown): unknown {
  switch (param) {
    case 'assertion': return demandJson(name, value as AnyDemand);
    case 'values': return (value as unknown[]).map(valueJson);
    case 'customEdges': return (value as number[]).map(valueJson);
    case 'other':
      if (typeof value !== 'string') throw notPlain(name, "it holds a table; name it by withSource('name', …) instead");
      return value;
    default:
      if (typeof value === 'function') throw notPlain(name, `its option '${param}' is a function`);
      return value;
  }
}

function demandJson(name: string, demand: AnyDemand): unknown {
  const plain = (assertion: AnyAssertion) => {
    if (typeof assertion !== 'function') return comparatorJson(assertion);
    throw notPlain(name, 'its assertion is a function; use a comparator such as atLeast(1)');
  };
  if (!isThresholds(demand)) return plain(demand);
  const { error, warn } = demand;
  return { ...(error && { error: plain(error) }), ...(warn && { warn: plain(warn) }) };
}

/** What JSON lacks is named by its type. */
function valueJson(value: unknown): unknown {
  if (typeof value === 'bigint') return { long: String(value) };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { double: Object.is(value, -0) ? '-0.0' : String(value) };
  }
  return value;
}

function notPlain(name: string, why: string): AssayError {
  return new AssayError('UNSUPPORTED', `the constraint ${name} cannot be written as JSON: ${why}`);
}
