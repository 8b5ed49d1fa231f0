import { nearestName } from '../../base/names.js';
import { comparatorFromJson } from '../../base/comparators.js';
import { AssayError } from '../../base/errors.js';
import { Check, CheckLevel } from '../check.js';
import { combine, forColumns } from '../combine.js';
import type { ColumnSelector, Constraint } from '../constraint.js';
import type { AnyDemand } from '../assertions.js';
import { quoted } from '../constraints/names.js';
import { signatures, type OptionName, type Signature, type SignatureParam } from '../signatures.js';

type Json = Readonly<Record<string, unknown>>;

/** The checks of a file: its text, or what was parsed of it. Throws an error that names the place of what is wrong. */
export function checksFromJSON(json: unknown): readonly Check[] {
  const read = parsed(json);
  if (Array.isArray(read)) {
    throw wrong('', 'expected an object, not a list: put the checks into { "version": 1, "checks": [...] }');
  }
  const suite = fieldsOf(read, '', ['$schema', 'version', 'checks']);
  if (suite['version'] !== 1) {
    throw wrong('version', `expected 1, the version that is known, not ${JSON.stringify(suite['version'])}`);
  }
  return Object.freeze(listOf(suite['checks'], 'checks').map((check, i) => readCheck(check, `checks[${i}]`)));
}

/** The check that `JSON.stringify(check)` wrote: a text, or what was parsed of it. */
export function checkFromJSON(json: unknown): Check {
  return readCheck(parsed(json), '');
}

function parsed(json: unknown): unknown {
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AssayError('SYNTAX', `the JSON of a check does not parse: ${(cause as Error).message}`, { cause });
  }
}

function readCheck(json: unknown, path: string): Check {
  const { level, description, constraints } = fieldsOf(json, path, ['level', 'description', 'constraints']);
  if (typeof level !== 'string' || !Object.hasOwn(CheckLevel, level)) {
    throw wrong(`${path}.level`, `expected Error or Warning, not ${JSON.stringify(level)}`);
  }
  if (typeof description !== 'string') throw wrong(`${path}.description`, 'expected a text');
  const empty = Check(level as CheckLevel, description);
  return listOf(constraints, `${path}.constraints`)
    .flatMap((c, i) => readConstraint(c, `${path}.constraints[${i}]`))
    .reduce((check, c) => check.addConstraint(c), empty);
}

function readConstraint(json: unknown, path: string): Constraint {
  const fields = objectOf(json, path);
  for (const how of ['and', 'or', 'not'] as const) {
    if (!(how in fields)) continue;
    const { [how]: parts, name, hint } = fieldsOf(json, path, [how, 'name', 'hint']);
    const of = how === 'not'
      ? [readConstraint(parts, `${path}.not`)]
      : listOf(parts, `${path}.${how}`).map((c, i) => readConstraint(c, `${path}.${how}[${i}]`));
    return at(path, () => combine(how, of, { name: name as string, hint: hint as string }));
  }
  return 'forColumns' in fields ? readColumns(json, path) : readCall(fields, path);
}

function readColumns(json: unknown, path: string): Constraint {
  const { forColumns: chosen, constraints } = fieldsOf(json, path, ['forColumns', 'constraints']);
  const template = Object.freeze(listOf(constraints, `${path}.constraints`).map((c) => objectOf(c, `${path}.constraints`)));
  const each = (column: string) =>
    template.map((c, i) => readConstraint(substituted(c, column, ''), `${path}.constraints[${i}]`));
  each('column'); // so that mistakes show when the file is read
  const columns = readSelector(chosen, `${path}.forColumns`);
  return at(`${path}.forColumns`, () => forColumns(columns, each, template));
}

function readSelector(json: unknown, path: string): ColumnSelector {
  const fields = fieldsOf(json, path, ['matching', 'flags', 'names', 'kind']);
  const { matching, flags, names, kind } = fields;
  if (['matching', 'names', 'kind'].filter((key) => key in fields).length !== 1) {
    throw wrong(path, 'expected one of matching, names, kind');
  }
  if (names !== undefined) return listOf(names, `${path}.names`) as readonly string[];
  if (kind !== undefined) return { kind } as ColumnSelector;
  return at(path, () => new RegExp(String(matching), flags === undefined ? '' : String(flags)));
}

/** Texts that are SQL, in which a column stands in backticks. */
const SQL = new Set(['predicate', 'where', 'sql']);

/** A template with a column's name for `{column}`. */
function substituted(json: unknown, column: string, field: string): unknown {
  if (typeof json === 'string') return json.replaceAll('{column}', () => (SQL.has(field) ? quoted(column) : column));
  if (Array.isArray(json)) return json.map((item) => substituted(item, column, field));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, substituted(value, column, key)]));
}

function readCall(fields: Json, path: string): Constraint {
  const { constraint: method, ...given } = fields;
  if (typeof method !== 'string' || !Object.hasOwn(signatures, method)) {
    const near = typeof method === 'string' ? nearestName(method, Object.keys(signatures)) : null;
    const hint = near ? `; did you mean '${near}'?` : "; a constraint names its method in the field 'constraint'";
    throw wrong(path, `unknown constraint ${JSON.stringify(method)}${hint}`);
  }
  const signature = (signatures as Readonly<Record<string, Signature | null>>)[method];
  if (!signature || signature.params.some((p) => p.kind === 'function')) {
    throw wrong(path, `${method} ${signature ? 'asserts by a function' : 'compares with a history or a distribution'}, which JSON cannot hold`);
  }
  const known = new Set<string>(['hint', 'name', 'skip', ...signature.options, ...signature.params.map((p) => p.name)]);
  if (method === 'isContainedIn') known.add('bounds');
  for (const name of Object.keys(given)) {
    if (known.has(name) && name !== 'binning') continue;
    const near = nearestName(name, known);
    throw wrong(path, `${method} has no field '${name}'; ${near ? `did you mean '${near}'?` : `known: ${[...known].join(', ')}`}`);
  }
  return called(method, signature, given, path);
}

function called(method: string, { params, options }: Signature, given: Json, path: string): Constraint {
  const bounded = 'bounds' in given;
  const taken = bounded ? [params[0]!, { name: 'bounds', kind: 'values' } as const] : params;
  if (bounded && ('values' in given || 'assertion' in given)) throw wrong(path, 'bounds stand alone, without values and assertion');
  const args = taken.map((p) => readParam(p, given[p.name], method, `${path}.${p.name}`));
  const own: Record<string, unknown> = {};
  for (const name of ['hint', 'name', 'skip', ...options] as const) {
    if (given[name] !== undefined) own[name] = readOption(name, given[name], `${path}.${name}`);
  }
  return at(path, () => {
    const check = Check('Error', '') as unknown as Record<string, (...args: unknown[]) => Check>;
    return check[method]!(...args, ...(Object.keys(own).length > 0 ? [own] : [])).constraints[0]!;
  });
}

function readParam({ name, kind, optional }: SignatureParam, value: unknown, method: string, path: string): unknown {
  if (value === undefined) {
    if (optional) return undefined;
    throw wrong(path.slice(0, -name.length - 1), `${method} needs the field '${name}'`);
  }
  switch (kind) {
    case 'column': case 'text': case 'pattern': case 'data-type': case 'dataset':
      if (typeof value === 'string') return value;
      throw wrong(path, `expected a text, not ${JSON.stringify(value)}`);
    case 'columns': return listOf(value, path);
    case 'names': return typeof value === 'string' ? value : listOf(value, path);
    case 'number':
      if (typeof value === 'number') return value;
      throw wrong(path, `expected a number, not ${JSON.stringify(value)}`);
    case 'assertion': return readDemand(value, path);
    case 'values': return name === 'bounds' ? objectOf(value, path) : listOf(value, path).map(readValue);
    case 'mapping': return Array.isArray(value) ? value : objectOf(value, path);
    case 'function': throw wrong(path, 'a function cannot be read from JSON');
  }
}

function readOption(name: OptionName | 'hint' | 'name' | 'skip', value: unknown, path: string): unknown {
  switch (name) {
    case 'columns': return listOf(value, path);
    case 'customEdges': return listOf(value, path).map(readValue);
    case 'kllParameters': return objectOf(value, path);
    case 'matchColumnMappings': return Array.isArray(value) ? value : objectOf(value, path);
    case 'maxBins': case 'binCount':
      if (typeof value === 'number') return value;
      throw wrong(path, `expected a number, not ${JSON.stringify(value)}`);
    default:
      if (typeof value === 'string') return value;
      throw wrong(path, `expected a text, not ${JSON.stringify(value)}`);
  }
}

function readDemand(json: unknown, path: string): AnyDemand {
  const fields = objectOf(json, path);
  if ('op' in fields) return at(path, () => comparatorFromJson(fields));
  const { error, warn } = fieldsOf(json, path, ['error', 'warn']);
  return at(path, () => ({
    ...(error !== undefined && { error: comparatorFromJson(error) }),
    ...(warn !== undefined && { warn: comparatorFromJson(warn) }),
  }));
}

function readValue(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const { long, double } = json as Json;
  if (typeof long === 'string' && /^-?\d+$/.test(long)) return BigInt(long);
  return typeof double === 'string' ? Number(double) : json;
}

function objectOf(json: unknown, path: string): Json {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  throw wrong(path, `expected an object, not ${JSON.stringify(json)}`);
}

function fieldsOf(json: unknown, path: string, known: readonly string[]): Json {
  const fields = objectOf(json, path);
  const odd = Object.keys(fields).find((key) => !known.includes(key));
  if (odd !== undefined) throw wrong(path, `unknown field '${odd}'; known: ${known.join(', ')}`);
  return fields;
}

function listOf(json: unknown, path: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw wrong(path, `expected a list, not ${JSON.stringify(json)}`);
}

/** Names the place of what is wrong in what is read. */
function at<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw wrong(path, (cause as Error).message, cause);
  }
}

function wrong(path: string, message: string, cause?: unknown): AssayError {
  const place = path.replace(/^\./, '');
  return new AssayError('SYNTAX', place === '' ? message : `${place}: ${message}`, { cause });
}
