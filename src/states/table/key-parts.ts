import { AssayError } from '../../base/errors.js';
import { layoutOf, sqlTypeName, type DataType, type Layout } from '../../data/types.js';
import type { Vector } from '../../expression/batch-view.js';
import { boundKey } from '../../expression/bound.js';
import type { Request } from '../contract.js';

/** Options of `groups`. */
export interface GroupsOptions {
  /** The last input is a long that is summed per group. */
  readonly measure?: boolean;
  /** Give up past so many distinct groups. */
  readonly limit?: number;
}

/** What a request groups by. */
export interface KeyParts {
  readonly types: readonly DataType[];
  readonly measured: boolean;
  readonly limit: number;
  /** Equal for equal types of parts and the same options. */
  readonly shape: number;
  /**
   * One part of 4 or 8 bytes or of bytes is its own key; everything else is written into one byte string
   * (table-parts.ts).
   */
  readonly direct: boolean;
}

/** The numbers by which the kernels know the layouts of key parts. */
export const PART_CODES: Readonly<Partial<Record<Layout, number>>> = {
  bits: 0, i32: 1, i64: 2, f32: 3, f64: 4, i128: 5, utf8: 6,
};

/** Bytes of a known part in a key, by those numbers, where they are always as many. */
export const FIXED_BYTES: readonly number[] = [1, 4, 8, 4, 8];

/** Layouts of which one part is its own key. */
const DIRECT: ReadonlySet<Layout> = new Set<Layout>(['i32', 'i64', 'f32', 'f64', 'utf8']);

/** Whether values of a type can be grouped: structs and arrays part by part; maps cannot, as in Spark. */
export function isGroupable(type: DataType): boolean {
  switch (type.kind) {
    case 'null': return true;
    case 'array': return isGroupable(type.element);
    case 'struct': return type.fields.every((f) => isGroupable(f.type));
    default: return PART_CODES[layoutOf(type)] !== undefined;
  }
}

/** Reads what a request of `groups` groups by; refuses what cannot be grouped. */
export function keyPartsOf(request: Request<GroupsOptions | undefined>): KeyParts {
  const measured = request.options?.measure === true;
  const limit = request.options?.limit ?? Infinity;
  if (!(limit >= 0)) throw new AssayError('INVALID_ARGUMENT', `a limit of ${limit} groups: it must be a number ≥ 0`);
  const types = (measured ? request.inputs.slice(0, -1) : request.inputs).map((e) => e.type);
  if (types.length === 0) throw new AssayError('INVALID_ARGUMENT', 'grouping needs an expression to group by');
  const measure = request.inputs.at(-1)!;
  if (measured && measure.type.kind !== 'long') {
    const given = `the measure ${boundKey(measure)} is ${sqlTypeName(measure.type)}`;
    throw new AssayError('WRONG_TYPE', `${given}: cast it to bigint`);
  }
  for (const type of types) {
    if (isGroupable(type)) continue;
    throw new AssayError('UNSUPPORTED', `grouping by ${sqlTypeName(type)} is not available: group by its cast to string`);
  }
  const layout = layoutOf(types[0]!);
  const direct = types.length === 1 && DIRECT.has(layout);
  return { types, measured, limit, shape: hashText(JSON.stringify([types, measured])), direct };
}

/** FNV-1a (Fowler, Noll & Vo 1991) of a text's UTF-16 units. */
function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Where the values of a vector's rows lie: its own, or its dictionary's. */
export function entriesOf(vector: Vector): Vector {
  return vector.dictionary ?? vector;
}
