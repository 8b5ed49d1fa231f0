import { comparatorCode, comparatorsOf } from './comparator-code.js';
import { stringCode, valueCode } from './literal-code.js';
import { isComparator } from '../base/comparators.js';
import { isThresholds } from '../checks/assertions.js';
import type { Call } from '../checks/constraint.js';
import { signatures, type Signature } from '../checks/signatures.js';

/** The arguments of a method of a check, in TypeScript; null: one of them is a function or a table. */
function argumentsCode({ method, params }: Call): readonly string[] | null {
  const signature = (signatures as Readonly<Record<string, Signature | null>>)[method];
  if (!signature) return null;
  const args: (string | null)[] = [];
  const own = new Set<string>();
  for (const { name, kind } of signature.params) {
    const given = kind === 'values' && 'bounds' in params ? 'bounds' : name;
    own.add(given);
    const value = params[given];
    if (value === undefined && name === 'assertion' && 'bounds' in params) continue;
    args.push(value === undefined ? 'undefined' : argumentCode(value));
  }
  const options = Object.entries(params).filter(([name, value]) => !own.has(name) && value !== undefined);
  if (options.length === 1 && options[0]![0] === 'hint') args.push(stringCode(String(options[0]![1])));
  else if (options.length > 0) args.push(argumentCode(Object.fromEntries(options)));
  while (args.at(-1) === 'undefined') args.pop();
  return args.includes(null) ? null : (args as string[]);
}

function argumentCode(value: unknown): string | null {
  if (isComparator(value)) return comparatorCode(value);
  return typeof value === 'function' ? null : valueCode(value, argumentCode);
}

/** A call of a check's method as TypeScript, e.g. `.isComplete('id')`; null: its arguments cannot be written. */
export function callCode(call: Call): string | null {
  const args = argumentsCode(call);
  return args && `.${call.method}(${args.join(', ')})`;
}

/** The same over several lines, where one would be wider than it may be. */
export function wrappedCallCode(call: Call, indent: string, widest: number): string | null {
  const line = callCode(call);
  if (line === null || indent.length + line.length <= widest) return line === null ? null : indent + line;
  const args = argumentsCode(call)!;
  const inner = `${indent}  `;
  const wrapped = args.map((arg, i) => {
    if (inner.length + arg.length + 1 <= widest) return `${inner}${arg},`;
    const given = Object.values(call.params)[i];
    return Array.isArray(given) ? `${inner}[\n${filled(given, `${inner}  `, widest)}\n${inner}],` : `${inner}${arg},`;
  });
  return `${indent}.${call.method}(\n${wrapped.join('\n')}\n${indent})`;
}

/** Items of a list in lines that are as full as they may be. */
function filled(items: readonly unknown[], indent: string, widest: number): string {
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    const code = `${argumentCode(item)!},`;
    if (line !== '' && indent.length + line.length + 1 + code.length > widest) {
      lines.push(indent + line);
      line = '';
    }
    line += line === '' ? code : ` ${code}`;
  }
  return [...lines, indent + line].join('\n');
}

/** The names of the comparators that the code of a call uses. */
export function comparatorsIn({ params }: Call): readonly string[] {
  return Object.values(params).flatMap((value) => {
    if (isThresholds(value)) return Object.values(value).flatMap((part) => (isComparator(part) ? comparatorsOf(part) : []));
    return isComparator(value) ? comparatorsOf(value) : [];
  });
}
