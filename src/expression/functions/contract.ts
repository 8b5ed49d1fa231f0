import type { DataType } from '../../data/types.js';
import type { Binder } from '../binder.js';
import type { Bound } from '../bound.js';
import type { Expected } from '../coerce.js';

/** One function of the language: its names, what it takes, what it gives, and how a call of it is bound. */
export interface FunctionSpec {
  /** The name that bound calls carry, unless `bind` makes something else. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The parameters in order; arguments are cast as Spark casts them implicitly. */
  readonly takes: readonly Expected[];
  /** How many parameters at the end may be left out; default 0. */
  readonly optional?: number;
  /** Whether the last parameter may be repeated. */
  readonly variadic?: boolean;
  /** The type of the result; default: the type of the first argument. */
  readonly gives?: DataType | ((args: readonly Bound[], b: Binder) => DataType);
  /** Whether the result depends on the time zone. */
  readonly zoned?: (args: readonly Bound[]) => boolean;
  /** Makes the bound expression from the cast arguments; default: a call of `name`. */
  readonly bind?: (args: readonly Bound[], b: Binder) => Bound;
  /** What it does, in one sentence. */
  readonly doc: string;
  readonly example: string;
}

/** The result type of the first argument, for `gives`. */
export const same = (args: readonly Bound[]): DataType => args[0]!.type;
