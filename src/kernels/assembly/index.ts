// One WASM module of functions over addresses: no data segment, no allocation, no runtime.
export * from './xxh64';
export * from './hll';
