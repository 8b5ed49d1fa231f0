import { AssayError } from '../base/errors.js';
import { nearestName } from '../base/names.js';
import type { Analyzer } from '../analyzers/contract.js';
import { paramsOf, type AnalyzerFactory } from '../analyzers/define.js';
import { analyzers } from '../analyzers/index.js';
import { analyzerFromJSON } from '../analyzers/registry.js';
import type { Param } from '../analyzers/params.js';

/** What an analyzer's name stands before: its arguments, from the parenthesis on. */
const CALL = /^\s*([A-Za-z]+)\s*(?:\((.*)\))?\s*$/s;

/**
 * The analyzer that a text such as `Completeness(review_id)` or `ApproxQuantile(price, 0.5)` names: arguments in Deequ's
 * order, columns in backticks where their names hold commas, several columns of one argument in brackets.
 */
export function analyzerOfText(text: string): Analyzer {
  const call = CALL.exec(text);
  if (!call) {
    const remedy = "write a name with its arguments in parentheses, e.g. 'Completeness(id)'";
    throw new AssayError('SYNTAX', `cannot read the analyzer '${text}': ${remedy}`);
  }
  const [, name = '', list = ''] = call;
  const factory = (analyzers as readonly AnalyzerFactory<never[]>[]).find((a) => a.spec.name.toLowerCase() === name.toLowerCase());
  if (!factory) {
    const known = analyzers.map((a) => a.spec.name);
    const near = nearestName(name, known);
    const remedy = near ? `did you mean '${near}'?` : `known: ${known.join(', ')}`;
    throw new AssayError('INVALID_ARGUMENT', `unknown analyzer '${text}'; ${remedy}`);
  }
  const params = paramsOf(factory.spec);
  const given = argumentsOf(list, text);
  const json: Record<string, unknown> = { analyzerName: factory.spec.name };
  const last = params.findIndex(([, p]) => p.kind === 'columns');
  for (const [i, [param, p]] of params.entries()) {
    // Columns that come last need no brackets: Uniqueness(a, b).
    const value = i === last && !Array.isArray(given[i]) ? given.splice(i, Infinity).flat() : given[i];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) {
      if (REQUIRED.has(p.kind) && p.default === undefined) throw lacking(text, param, factory);
      continue;
    }
    json[p.json ?? param] = valueOf(p, value, text);
  }
  if (given.length > params.length) {
    throw new AssayError('INVALID_ARGUMENT', `'${text}': ${factory.spec.name} takes at most ${params.length} arguments: ${params.map(([n]) => n).join(', ')}`);
  }
  return analyzerFromJSON(json);
}

/** What has to be given unless it has a default. */
const REQUIRED: ReadonlySet<Param['kind']> = new Set([
  'column', 'columns', 'text', 'predicate', 'int', 'double', 'doubles', 'boolean',
]);

function lacking(text: string, param: string, { spec }: AnalyzerFactory<never[]>): AssayError {
  const call = `${spec.name}(${paramsOf(spec).map(([name]) => name).join(', ')})`;
  return new AssayError('INVALID_ARGUMENT', `'${text}' lacks '${param}'; its arguments are ${call}`);
}

type Argument = string | string[];

function valueOf({ kind }: Param, value: Argument, text: string): unknown {
  const number = (x: string) => {
    if (x.trim() !== '' && Number.isFinite(Number(x))) return Number(x);
    throw new AssayError('INVALID_ARGUMENT', `'${text}': '${x}' is not a number`);
  };
  const list = Array.isArray(value) ? value : [value];
  switch (kind) {
    case 'columns': return list;
    case 'doubles': case 'optional-doubles': return list.map(number);
    default:
      if (Array.isArray(value)) throw new AssayError('INVALID_ARGUMENT', `'${text}': one value is wanted, not a list`);
  }
  switch (kind) {
    case 'int': case 'optional-int': case 'double': return number(value as string);
    case 'boolean': return value === 'true';
    case 'column': case 'text': case 'predicate': case 'where': return value;
    default: throw new AssayError('UNSUPPORTED', `'${text}': this parameter cannot be written here; use a suite as a module`);
  }
}

/** Texts between commas; commas in backticks, quotes and brackets are part of them. */
function argumentsOf(list: string, text: string): Argument[] {
  const found: Argument[] = [];
  const token = /\s*(?:\[([^\]]*)\]|`((?:[^`]|``)*)`|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([^,[\]]*?))\s*(,|$)/gy;
  while (token.lastIndex < list.length) {
    const at = token.lastIndex;
    const match = token.exec(list);
    if (!match) throw new AssayError('SYNTAX', `'${text}': cannot read the arguments from '${list.slice(at)}' on`);
    const [, brackets, ticks, single, double, bare] = match;
    if (brackets !== undefined) found.push(argumentsOf(brackets, text).flat());
    else found.push(ticks?.replaceAll('``', '`') ?? single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? bare ?? '');
  }
  return found;
}
