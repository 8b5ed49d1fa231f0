// What sums of doubles that do not depend on their order would cost: node benchmarks/exact-sums.mjs
import asc from 'assemblyscript/asc';

const SOURCE = `
// Neal 2015, small superaccumulator: 67 chunks of 32 bits in int64, carries propagated every 2^20 values
export function plain(p: usize, n: i32, s: f64): f64 { for (let i = 0; i < n; i++) s += load<f64>(p + (<usize>i << 3)); return s; }
export function exact(p: usize, n: i32, acc: usize): i32 {
  let special = 0;
  for (let i = 0; i < n; i++) {
    const bits = load<u64>(p + (<usize>i << 3));
    const e = <i32>((bits >> 52) & 2047);
    let m: i64 = <i64>(bits & 0xfffffffffffff);
    if (e == 0 || e == 2047) { if (e == 2047) { special = 1; continue; } }
    else m |= 0x10000000000000;
    const ee = e == 0 ? 1 : e;
    const low = ee & 31; const at = acc + ((<usize>(ee >> 5)) << 3);
    const sign: i64 = <i64>bits >> 63;
    const lo = <i64>((<u64>(m << low)) & 0xffffffff);
    const hi = <i64>(<u64>m >> (32 - low));
    store<i64>(at, load<i64>(at) + ((lo ^ sign) - sign));
    store<i64>(at, load<i64>(at, 8) + ((hi ^ sign) - sign), 8);
  }
  return special;
}
`;

const files = new Map([['acc.ts', SOURCE]]);
const { error } = await asc.main(['acc.ts', '-O3', '--runtime', 'stub', '--initialMemory', '300', '-o', 'acc.wasm'], {
  readFile: (name) => files.get(name) ?? null,
  writeFile: (name, content) => void files.set(name, content),
  listFiles: () => [],
});
if (error) throw error;
const { exports: x } = new WebAssembly.Instance(new WebAssembly.Module(files.get('acc.wasm')), { env: { abort() {} } });
const [n, at] = [65_536, 65_536];
const values = new Float64Array(x.memory.buffer, at, n);
for (let i = 0; i < n; ++i) values[i] = (Math.random() - 0.5) * 10 ** (Math.random() * 20);

/** Nanoseconds of CPU per value. */
function cost(work) {
  for (let i = 0; i < 50; ++i) work();
  let best = Infinity;
  for (let round = 0; round < 15; ++round) {
    const before = process.cpuUsage();
    for (let i = 0; i < 100; ++i) work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / (100 * n));
  }
  return best.toFixed(1);
}
console.log(`in row order: ${cost(() => x.plain(at, n, 0))} ns per value; exactly: ${cost(() => x.exact(at, n, 1024))} ns`);
