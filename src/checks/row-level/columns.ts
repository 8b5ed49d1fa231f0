import { stripBackticks } from '../../base/names.js';
import type { Field, Schema } from '../../data/types.js';
import { unknownColumn } from '../../expression/resolve.js';
import { bothBits, type Bits } from './bits.js';
import type { JudgedRows } from './rows.js';
import { speakers, type RowSession } from './session.js';

/** A column of verdicts. */
export interface VerdictColumn {
  readonly name: string;
  /** The constraints whose verdicts it joins by AND. */
  readonly constraints: readonly number[];
}

/**
 * The columns of verdicts: one per check, called by its description, then, if that is asked for, one per constraint,
 * `description: constraint`. A check without constraints on rows has none. Names that are taken get a number: `x (2)`.
 */
export function verdictColumns(session: RowSession, perConstraint: boolean): VerdictColumn[] {
  const taken = new Set(session.schema.fields.map((f) => f.name));
  const present = speakers(session).map((i) => ({ ...session.rules.constraints[i]!, i }));
  const checks = [...new Set(present.map((c) => c.check))];
  const columns = checks.map((check): VerdictColumn => ({
    name: freeName(check.description, taken),
    constraints: present.filter((c) => c.check === check).map((c) => c.i),
  }));
  if (!perConstraint) return columns;
  return [...columns, ...present.map(({ check, constraint, i }): VerdictColumn => ({
    name: freeName(`${check.description}: ${constraint.name}`, taken),
    constraints: [i],
  }))];
}

/** A name that nothing else has; it is taken from now on. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); ++n) free = `${name} (${n})`;
  taken.add(free);
  return free;
}

/** The verdicts of several constraints in one; they all speak of rows. */
export function joinedBits(rows: JudgedRows, { constraints }: VerdictColumn): Bits {
  return constraints.map((c) => rows.of(c)!).reduce(bothBits);
}

/** The fields of some columns, all if none are named. */
export function chosenFields({ fields }: Schema, columns: readonly string[] | undefined): readonly Field[] {
  if (columns === undefined) return fields;
  return columns.map((column) => {
    const name = stripBackticks(column);
    const field = fields.find((f) => f.name === name)
      ?? fields.find((f) => f.name.toLowerCase() === name.toLowerCase());
    if (field) return field;
    throw unknownColumn(name, fields.map((f) => f.name));
  });
}
