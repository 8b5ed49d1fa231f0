import { STRING } from '../../data/types.js';
import type { Vector } from '../batch-view.js';
import { applied } from './applied.js';
import type { Bound } from '../bound.js';
import { writtenRows, type Bytes } from './bytes.js';
import type { Evaluation } from './evaluation.js';
import { knownOf } from './orders.js';
import { bitmapBytes } from './vectors.js';

const encoder = new TextEncoder();
const [COMMA, ARROW, NULL] = [', ', ' -> ', 'null'].map((s) => encoder.encode(s)) as [Uint8Array, Uint8Array, Uint8Array];
const [SQUARE, CURLED] = ['[]', '{}'].map((s) => encoder.encode(s)) as [Uint8Array, Uint8Array];

/** Adds the text of a row of a flat vector of texts; false: it is null. Valid until the memory grows. */
export type AddText = (row: number, out: Bytes) => boolean;

export function textAdder(v: Vector, at: Evaluation): AddText {
  const { buffer } = at.kernels.memory;
  const memory = new Uint8Array(buffer);
  const offsets = new Int32Array(buffer, v.values, v.rows + 1);
  const known = v.validity === 0 ? null : new Uint8Array(buffer, v.validity, bitmapBytes(v.rows));
  const base = v.bytes;
  return (row, out) => {
    if (known !== null && ((known[row >> 3]! >> (row & 7)) & 1) === 0) return false;
    out.add(memory, base + offsets[row]!, base + offsets[row + 1]!);
    return true;
  };
}

const whole = (bytes: Uint8Array, out: Bytes): void => out.add(bytes, 0, bytes.length);

/** Arrays, maps and structs as Spark casts them to texts. */
export function castPartsToText(v: Vector, zone: string, at: Evaluation): Vector {
  const children = v.children.map((child) => applied(at, 'cast', STRING, [child], child.rows, zone));
  return writtenRows(STRING, v.validity, v.rows, at, () => {
    const parts = children.map((child) => textAdder(child, at));
    const add = (part: AddText, row: number, out: Bytes): void => {
      if (!part(row, out)) whole(NULL, out);
    };
    if (v.layout === 'struct') {
      return (row, out) => {
        out.add(CURLED, 0, 1);
        for (let k = 0; k < parts.length; ++k) {
          if (k > 0) whole(COMMA, out);
          add(parts[k]!, row, out);
        }
        out.add(CURLED, 1, 2);
      };
    }
    const ends = new Int32Array(at.kernels.memory.buffer, v.values, v.rows + 1);
    const brackets = v.type.kind === 'map' ? CURLED : SQUARE;
    return (row, out) => {
      out.add(brackets, 0, 1);
      for (let j = ends[row]!; j < ends[row + 1]!; ++j) {
        if (j > ends[row]!) whole(COMMA, out);
        for (let k = 0; k < parts.length; ++k) {
          if (k > 0) whole(ARROW, out);
          add(parts[k]!, j, out);
        }
      }
      out.add(brackets, 1, 2);
    };
  });
}

/** CONCAT_WS where arrays are among the arguments: what is null is left out, elements too. */
export function joinMixed(separator: Bound, args: readonly Bound[], at: Evaluation): Vector {
  const between = at.flat(separator);
  const vectors = args.filter((e) => e.type.kind !== 'null').map((e) => at.flat(e));
  return writtenRows(STRING, between.validity, at.rows, at, () => {
    const { buffer } = at.kernels.memory;
    const gap = textAdder(between, at);
    const parts = vectors.map((v) => {
      const texts = v.layout === 'list' ? v.children[0]! : v;
      return {
        add: textAdder(texts, at), isThere: knownOf(at.kernels, texts), isRow: knownOf(at.kernels, v),
        ends: v.layout === 'list' ? new Int32Array(buffer, v.values, v.rows + 1) : null,
      };
    });
    return (row, out) => {
      let first = true;
      for (const { add, isThere, isRow, ends } of parts) {
        if (!isRow(row)) continue;
        const [from, to] = ends === null ? [row, row + 1] : [ends[row]!, ends[row + 1]!];
        for (let j = from; j < to; ++j) {
          if (!isThere(j)) continue;
          if (!first) gap(row, out);
          first = false;
          add(j, out);
        }
      }
    };
  });
}
