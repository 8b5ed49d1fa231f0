// One WASM module of functions over addresses: no data segment, no allocation, no runtime.
export * from './xxh64';
export * from './hll';
export * from './bits';
export * from './compare';
export * from './convert';
export * from './gather';
export * from './hash';
export * from './extrema';
export * from './sums';
export * from './moments';
export * from './classes';
export * from './sort';
export * from './bins';
export * from './table';
export * from './table-key';
export * from './table-merge';
export * from './text';
