import { javaFloat } from '../base/number-text.js';
import type { DataType } from './types.js';

/** A value of a numeric type as the nearest double. */
export function numberOf(type: DataType, value: unknown): number {
  if (type.kind === 'decimal') return decimalNumber(value as bigint, type.scale);
  return Number(value);
}

/** The same by way of the value's text: a float32 becomes the double of its shortest decimal, such as 0.1. */
export function numberByText(type: DataType, value: unknown): number {
  return type.kind === 'float' ? Number(javaFloat(value as number)) : numberOf(type, value);
}

/** An unscaled decimal as the nearest double. */
export function decimalNumber(unscaled: bigint, scale: number): number {
  return scale === 0 ? Number(unscaled) : Number(`${unscaled}e${-scale}`);
}

/** The sum that a state holds, as the nearest double: exact for integers and decimals. */
export function sumOf(type: DataType, sum: { readonly exact: bigint; readonly double: number }): number {
  if (type.kind === 'float' || type.kind === 'double') return sum.double;
  return decimalNumber(sum.exact, type.kind === 'decimal' ? type.scale : 0);
}
