import { AssayError } from '../../base/errors.js';
import type { DataType } from '../../data/types.js';
import type { Kernels } from '../../kernels/kernels.js';
import type { Dense, Mask, Pointer, Vector } from '../batch-view.js';
import { plain } from './vectors.js';
import { nearestDoubles } from './wide-columns.js';

/** The masked values of a vector as float64, dense; `values` gives them dense in their own layout. */
export function numbersOf(kernels: Kernels, v: Vector, values: () => Dense, mask: Mask): Dense {
  const { fn, scratch } = kernels;
  const { count } = mask;
  const result = (at: Pointer): Dense => ({ layout: 'f64', values: at, count });
  if (v.dictionary && v.dictionary.rows > 0 && v.layout !== 'bits') {
    const entries = allNumbers(kernels, v.type, { layout: v.layout, values: v.dictionary.values, count: v.dictionary.rows });
    const out = scratch.alloc(count * 8);
    if (mask.bits === 0) fn.gather8(v.indices, entries, v.rows, out);
    else fn.denseGather8(v.indices, entries, mask.bits, v.rows, out);
    return result(out);
  }
  if (mask.bits !== 0 && !v.dictionary && (v.layout === 'i32' || v.layout === 'f32')) {
    const out = scratch.alloc(count * 8);
    (v.layout === 'i32' ? fn.denseI32F64 : fn.denseF32F64)(v.values, mask.bits, v.rows, out);
    return result(out);
  }
  return result(allNumbers(kernels, v.type, values()));
}

/** Dense values of a type as float64. */
export function allNumbers(kernels: Kernels, type: DataType, { layout, values, count }: Dense): Pointer {
  const { fn, scratch } = kernels;
  if (layout === 'f64') return values;
  const out = scratch.alloc(count * 8);
  switch (layout) {
    case 'i32': fn.convertI32F64(values, count, out); return out;
    case 'f32': fn.convertF32F64(values, count, out); return out;
    case 'i64':
      if (type.kind !== 'decimal' || type.scale === 0) {
        fn.convertI64F64(values, count, out);
        return out;
      }
      if (fn.convertDecimalF64(values, count, 10 ** type.scale, out) === 0) return out;
      break;
    case 'i128':
      break;
    default:
      throw new AssayError('WRONG_TYPE', `values of type ${type.kind} are not numbers`);
  }
  return nearestDoubles(kernels, plain(type, count, values, 0));
}
