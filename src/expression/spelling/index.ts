/**
 * How other engines spell bound expressions: the table that their SQL is printed from. What an engine would answer
 * differently is not spelled: it is computed here.
 */
import type { Bound } from '../bound.js';
import { foldConstants } from '../evaluate/fold.js';
import { printBound } from '../unbind.js';
import { isHere, type SqlEngine } from './contract.js';
import { DUCKDB } from './duckdb.js';
import { duckdbLiteral, duckdbName, duckdbType } from './duckdb-types.js';
import { SPARK } from './spark.js';

export { DUCKDB } from './duckdb.js';
export { SPARK } from './spark.js';
export { isHere, type ComputedHere, type Spelling, type SpellingTable, type SqlEngine } from './contract.js';

/** The SQL of an expression for an engine; null: some part of it must be computed here. */
export function spell(e: Bound, engine: SqlEngine): string | null {
  return engine === 'duckdb' ? spellDuckdb(foldConstants(e)) : printBound(asSparkHasIt(e));
}

function spellDuckdb(e: Bound): string | null {
  if (e.kind === 'literal') return duckdbLiteral(e);
  if (e.kind === 'column') return duckdbType(e.type) === null && e.type.kind !== 'struct' ? null : duckdbName(e.name);
  const entry = Object.hasOwn(DUCKDB, e.fn) ? DUCKDB[e.fn]! : null;
  if (entry === null || isHere(entry)) return null;
  const args = e.args.map(spellDuckdb);
  return args.every((a) => a !== null) ? entry(args, e) : null;
}

function asSparkHasIt(e: Bound): Bound {
  if (e.kind !== 'call') return e;
  const args = e.args.map(asSparkHasIt);
  const same = args.every((a, i) => a === e.args[i]) ? e : Object.freeze({ ...e, args: Object.freeze(args) });
  return Object.hasOwn(SPARK, e.fn) ? SPARK[e.fn]!(same) : same;
}
