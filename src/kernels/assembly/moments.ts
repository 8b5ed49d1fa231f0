// Central moments in blocks of fixed length: mean of a block, then its deviations, then a merge into the whole (Chan,
// Golub & LeVeque 1979; Pébay 2008). Blocks are counted from the first value, whatever the batches, so a result
// depends on the values alone.
//
// At `state`: n, mean, m2, m3, m4 (f64 each), int32 pending at 40, and from 48 on the pending values of the open block.

const BLOCK = 1024;
const HEAD: usize = 48;

@inline
function pending(state: usize): i32 {
  return load<i32>(state, 40);
}

/** Adds values to the state at `state` (8240 bytes, zero at first); order is 2, 3 or 4. */
export function momentsAdd(values: usize, n: i32, order: i32, state: usize): void {
  let i = 0;
  const open = pending(state);
  if (open > 0) {
    const take = min(BLOCK - open, n);
    memory.copy(state + HEAD + (<usize>open << 3), values, <usize>take << 3);
    i = take;
    store<i32>(state, open + take, 40);
    if (open + take < BLOCK) return;
    mergeBlock(state + HEAD, BLOCK, order, state);
    store<i32>(state, 0, 40);
  }
  for (; i + BLOCK <= n; i += BLOCK) mergeBlock(values + (<usize>i << 3), BLOCK, order, state);
  if (i < n) {
    memory.copy(state + HEAD, values + (<usize>i << 3), <usize>(n - i) << 3);
    store<i32>(state, n - i, 40);
  }
}

/** Stores n, mean, m2, m3, m4 of everything added at out; the state stays as it is. */
export function momentsResult(state: usize, order: i32, out: usize): void {
  memory.copy(out, state, 40);
  const open = pending(state);
  if (open > 0) mergeBlock(state + HEAD, open, order, out);
}

/** Merges a block of values into n, mean, m2, m3, m4 at `state`. */
function mergeBlock(values: usize, count: i32, order: i32, state: usize): void {
  const origin = load<f64>(values); // a constant block has deviations of exactly 0
  const even = count & ~3;
  let i = 0;
  const origins = f64x2.splat(origin);
  let s = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  for (; i < even; i += 4) {
    const at = values + (<usize>i << 3);
    s = f64x2.add(s, f64x2.sub(v128.load(at), origins));
    s2 = f64x2.add(s2, f64x2.sub(v128.load(at, 16), origins));
  }
  s = f64x2.add(s, s2);
  let sum = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < count; i++) sum += load<f64>(values + (<usize>i << 3)) - origin;
  const nb = <f64>count;
  const mean = origin + sum / nb;
  if (mean - mean != 0) return each(values, count, order, state); // NaN, infinities, overflow: as one by one
  const means = f64x2.splat(mean);
  let v2 = f64x2.splat(0);
  let v3 = v2;
  let v4 = v2;
  let w2 = v2;
  let w3 = v2;
  let w4 = v2;
  i = 0;
  for (; i < even; i += 4) {
    const at = values + (<usize>i << 3);
    const d = f64x2.sub(v128.load(at), means);
    const e = f64x2.sub(v128.load(at, 16), means);
    const dd = f64x2.mul(d, d);
    const ee = f64x2.mul(e, e);
    v2 = f64x2.add(v2, dd);
    w2 = f64x2.add(w2, ee);
    if (order > 2) {
      v3 = f64x2.add(v3, f64x2.mul(dd, d));
      w3 = f64x2.add(w3, f64x2.mul(ee, e));
      if (order > 3) {
        v4 = f64x2.add(v4, f64x2.mul(dd, dd));
        w4 = f64x2.add(w4, f64x2.mul(ee, ee));
      }
    }
  }
  v2 = f64x2.add(v2, w2);
  v3 = f64x2.add(v3, w3);
  v4 = f64x2.add(v4, w4);
  let b2 = f64x2.extract_lane(v2, 0) + f64x2.extract_lane(v2, 1);
  let b3 = f64x2.extract_lane(v3, 0) + f64x2.extract_lane(v3, 1);
  let b4 = f64x2.extract_lane(v4, 0) + f64x2.extract_lane(v4, 1);
  for (; i < count; i++) {
    const d = load<f64>(values + (<usize>i << 3)) - mean;
    const dd = d * d;
    b2 += dd;
    b3 += dd * d;
    b4 += dd * dd;
  }
  const highest = order > 3 ? b4 : order > 2 ? b3 : b2;
  if (highest - highest != 0 || b2 - b2 != 0) return each(values, count, order, state);
  merge(state, nb, mean, b2, order > 2 ? b3 : 0, order > 3 ? b4 : 0, order);
}

/** Merges the moments of later values into those at `state`. */
function merge(state: usize, nb: f64, meanB: f64, b2: f64, b3: f64, b4: f64, order: i32): void {
  const na = load<f64>(state);
  if (na == 0) {
    store<f64>(state, nb);
    store<f64>(state, meanB, 8);
    store<f64>(state, b2, 16);
    store<f64>(state, b3, 24);
    store<f64>(state, b4, 32);
    return;
  }
  const mean = load<f64>(state, 8);
  const a2 = load<f64>(state, 16);
  const a3 = load<f64>(state, 24);
  const n = na + nb;
  const d = meanB - mean;
  const dn = d / n;
  store<f64>(state, n);
  store<f64>(state, mean + dn * nb, 8);
  store<f64>(state, a2 + b2 + d * dn * na * nb, 16);
  if (order > 2) store<f64>(state, a3 + b3 + d * dn * dn * na * nb * (na - nb) + 3 * dn * (na * b2 - nb * a2), 24);
  if (order > 3) {
    const a4 = load<f64>(state, 32);
    store<f64>(state, a4 + b4 + d * dn * dn * dn * na * nb * (na * na - na * nb + nb * nb)
      + 6 * dn * dn * (na * na * b2 + nb * nb * a2) + 4 * dn * (na * b3 - nb * a3), 32);
  }
}

/** One value after the other, as Spark does it. */
function each(values: usize, count: i32, order: i32, state: usize): void {
  let n = load<f64>(state);
  let mean = load<f64>(state, 8);
  let m2 = load<f64>(state, 16);
  let m3 = load<f64>(state, 24);
  let m4 = load<f64>(state, 32);
  for (let i = 0; i < count; i++) {
    n += 1;
    const d = load<f64>(values + (<usize>i << 3)) - mean;
    const dn = d / n;
    mean += dn;
    m2 += d * (d - dn);
    if (order > 2) m3 += -3 * dn * m2 + d * (d * d - dn * dn);
    if (order > 3) m4 += -4 * dn * m3 - 6 * dn * dn * m2 + d * (d * d * d - dn * dn * dn);
  }
  store<f64>(state, n);
  store<f64>(state, mean, 8);
  store<f64>(state, m2, 16);
  store<f64>(state, m3, 24);
  store<f64>(state, m4, 32);
}

const PAIRS = 512;

/**
 * Adds pairs to the co-moments at `state` (8256 bytes, zero at first): n, xAvg, yAvg, ck, xMk, yMk (f64 each), int32
 * pending at 48, from 64 on the pending x and then y.
 */
export function comomentsAdd(x: usize, y: usize, n: i32, state: usize): void {
  const xs = state + 64;
  const ys = xs + (PAIRS << 3);
  let i = 0;
  const open = load<i32>(state, 48);
  if (open > 0) {
    const take = min(PAIRS - open, n);
    memory.copy(xs + (<usize>open << 3), x, <usize>take << 3);
    memory.copy(ys + (<usize>open << 3), y, <usize>take << 3);
    i = take;
    store<i32>(state, open + take, 48);
    if (open + take < PAIRS) return;
    mergePairs(xs, ys, PAIRS, state);
    store<i32>(state, 0, 48);
  }
  for (; i + PAIRS <= n; i += PAIRS) mergePairs(x + (<usize>i << 3), y + (<usize>i << 3), PAIRS, state);
  if (i < n) {
    memory.copy(xs, x + (<usize>i << 3), <usize>(n - i) << 3);
    memory.copy(ys, y + (<usize>i << 3), <usize>(n - i) << 3);
    store<i32>(state, n - i, 48);
  }
}

/** Stores n, xAvg, yAvg, ck, xMk, yMk of everything added at out. */
export function comomentsResult(state: usize, out: usize): void {
  memory.copy(out, state, 48);
  const open = load<i32>(state, 48);
  if (open > 0) mergePairs(state + 64, state + 64 + (PAIRS << 3), open, out);
}

/** Merges a block of pairs into the six numbers at `state`. */
function mergePairs(x: usize, y: usize, count: i32, state: usize): void {
  const x0 = load<f64>(x);
  const y0 = load<f64>(y);
  const even = count & ~3;
  let i = 0;
  const xs = f64x2.splat(x0);
  const ys = f64x2.splat(y0);
  let sx = f64x2.splat(0);
  let sy = sx;
  let tx = sx; // every other two values, so that no addition waits for the one before
  let ty = sx;
  for (; i < even; i += 4) {
    const at = x + (<usize>i << 3);
    const bt = y + (<usize>i << 3);
    sx = f64x2.add(sx, f64x2.sub(v128.load(at), xs));
    sy = f64x2.add(sy, f64x2.sub(v128.load(bt), ys));
    tx = f64x2.add(tx, f64x2.sub(v128.load(at, 16), xs));
    ty = f64x2.add(ty, f64x2.sub(v128.load(bt, 16), ys));
  }
  sx = f64x2.add(sx, tx);
  sy = f64x2.add(sy, ty);
  let sumX = f64x2.extract_lane(sx, 0) + f64x2.extract_lane(sx, 1);
  let sumY = f64x2.extract_lane(sy, 0) + f64x2.extract_lane(sy, 1);
  for (; i < count; i++) {
    sumX += load<f64>(x + (<usize>i << 3)) - x0;
    sumY += load<f64>(y + (<usize>i << 3)) - y0;
  }
  const nb = <f64>count;
  const xb = x0 + sumX / nb;
  const yb = y0 + sumY / nb;
  if (xb - xb != 0 || yb - yb != 0) return eachPair(x, y, count, state);
  const xm0 = f64x2.splat(xb);
  const ym0 = f64x2.splat(yb);
  let vc = f64x2.splat(0);
  let vx = vc;
  let vy = vc;
  let wc = vc;
  let wx = vc;
  let wy = vc;
  i = 0;
  for (; i < even; i += 4) {
    const at = x + (<usize>i << 3);
    const bt = y + (<usize>i << 3);
    const dx = f64x2.sub(v128.load(at), xm0);
    const dy = f64x2.sub(v128.load(bt), ym0);
    const ex = f64x2.sub(v128.load(at, 16), xm0);
    const ey = f64x2.sub(v128.load(bt, 16), ym0);
    vc = f64x2.add(vc, f64x2.mul(dx, dy));
    vx = f64x2.add(vx, f64x2.mul(dx, dx));
    vy = f64x2.add(vy, f64x2.mul(dy, dy));
    wc = f64x2.add(wc, f64x2.mul(ex, ey));
    wx = f64x2.add(wx, f64x2.mul(ex, ex));
    wy = f64x2.add(wy, f64x2.mul(ey, ey));
  }
  vc = f64x2.add(vc, wc);
  vx = f64x2.add(vx, wx);
  vy = f64x2.add(vy, wy);
  let cb = f64x2.extract_lane(vc, 0) + f64x2.extract_lane(vc, 1);
  let xm = f64x2.extract_lane(vx, 0) + f64x2.extract_lane(vx, 1);
  let ym = f64x2.extract_lane(vy, 0) + f64x2.extract_lane(vy, 1);
  for (; i < count; i++) {
    const dx = load<f64>(x + (<usize>i << 3)) - xb;
    const dy = load<f64>(y + (<usize>i << 3)) - yb;
    cb += dx * dy;
    xm += dx * dx;
    ym += dy * dy;
  }
  const na = load<f64>(state);
  const n = na + nb;
  const xa = load<f64>(state, 8);
  const ya = load<f64>(state, 16);
  const dx = xb - xa;
  const dy = yb - ya;
  const first = na == 0;
  store<f64>(state, n);
  store<f64>(state, first ? xb : xa + dx / n * nb, 8);
  store<f64>(state, first ? yb : ya + dy / n * nb, 16);
  store<f64>(state, first ? cb : load<f64>(state, 24) + cb + dx * (dy / n) * na * nb, 24);
  store<f64>(state, first ? xm : load<f64>(state, 32) + xm + dx * (dx / n) * na * nb, 32);
  store<f64>(state, first ? ym : load<f64>(state, 40) + ym + dy * (dy / n) * na * nb, 40);
}

/** One pair after the other, as Spark does it. */
function eachPair(x: usize, y: usize, count: i32, state: usize): void {
  let n = load<f64>(state);
  let xAvg = load<f64>(state, 8);
  let yAvg = load<f64>(state, 16);
  let ck = load<f64>(state, 24);
  let xMk = load<f64>(state, 32);
  let yMk = load<f64>(state, 40);
  for (let i = 0; i < count; i++) {
    const px = load<f64>(x + (<usize>i << 3));
    const py = load<f64>(y + (<usize>i << 3));
    const dx = px - xAvg;
    const dy = py - yAvg;
    n += 1;
    xAvg += dx / n;
    yAvg += dy / n;
    ck += dx * (py - yAvg);
    xMk += dx * (px - xAvg);
    yMk += dy * (py - yAvg);
  }
  store<f64>(state, n);
  store<f64>(state, xAvg, 8);
  store<f64>(state, yAvg, 16);
  store<f64>(state, ck, 24);
  store<f64>(state, xMk, 32);
  store<f64>(state, yMk, 40);
}

/**
 * Adds the masked pairs (mask 0: all) of int32 to eight i64 at `sums`: of x and y, then of x², xy and y², each as the
 * sum of the low 32 bits and that of the signed high ones, which 2^31 pairs cannot make overflow.
 */
export function comomentsI32(x: usize, y: usize, mask: usize, n: i32, sums: usize): void {
  const low = i64x2.splat(0xffffffff);
  let sx = v128.load(sums);
  let xx = v128.load(sums, 16);
  let xy = v128.load(sums, 32);
  let yy = v128.load(sums, 48);
  let tx = i64x2.splat(0);
  let ty = tx;
  let xl = tx, xh = tx, ml = tx, mh = tx, yl = tx, yh = tx;
  const end = n & ~3;
  let i = 0;
  for (; i < end; i += 4) {
    const at = <usize>i << 2;
    let a = v128.load(x + at);
    let b = v128.load(y + at);
    if (mask != 0) {
      const m = i32x4.splat(<i32>(<u32>load<u8>(mask + <usize>(i >> 3)) >> (i & 4)));
      const taken = i32x4.eq(v128.and(m, i32x4(1, 2, 4, 8)), i32x4(1, 2, 4, 8));
      a = v128.and(a, taken);
      b = v128.and(b, taken);
    }
    tx = i64x2.add(tx, i64x2.add(i64x2.extend_low_i32x4_s(a), i64x2.extend_high_i32x4_s(a)));
    ty = i64x2.add(ty, i64x2.add(i64x2.extend_low_i32x4_s(b), i64x2.extend_high_i32x4_s(b)));
    let p = i64x2.extmul_low_i32x4_s(a, a);
    let q = i64x2.extmul_high_i32x4_s(a, a);
    xl = i64x2.add(xl, i64x2.add(v128.and(p, low), v128.and(q, low)));
    xh = i64x2.add(xh, i64x2.add(i64x2.shr_s(p, 32), i64x2.shr_s(q, 32)));
    p = i64x2.extmul_low_i32x4_s(a, b);
    q = i64x2.extmul_high_i32x4_s(a, b);
    ml = i64x2.add(ml, i64x2.add(v128.and(p, low), v128.and(q, low)));
    mh = i64x2.add(mh, i64x2.add(i64x2.shr_s(p, 32), i64x2.shr_s(q, 32)));
    p = i64x2.extmul_low_i32x4_s(b, b);
    q = i64x2.extmul_high_i32x4_s(b, b);
    yl = i64x2.add(yl, i64x2.add(v128.and(p, low), v128.and(q, low)));
    yh = i64x2.add(yh, i64x2.add(i64x2.shr_s(p, 32), i64x2.shr_s(q, 32)));
  }
  sx = i64x2.add(sx, pairOf(tx, ty));
  xx = i64x2.add(xx, pairOf(xl, xh));
  xy = i64x2.add(xy, pairOf(ml, mh));
  yy = i64x2.add(yy, pairOf(yl, yh));
  for (; i < n; i++) {
    if (mask != 0 && ((load<u8>(mask + <usize>(i >> 3)) >> <u8>(i & 7)) & 1) == 0) continue;
    const a = <i64>load<i32>(x + (<usize>i << 2));
    const b = <i64>load<i32>(y + (<usize>i << 2));
    sx = i64x2.add(sx, i64x2.replace_lane(i64x2.splat(a), 1, b));
    xx = i64x2.add(xx, halves(a * a));
    xy = i64x2.add(xy, halves(a * b));
    yy = i64x2.add(yy, halves(b * b));
  }
  v128.store(sums, sx);
  v128.store(sums, xx, 16);
  v128.store(sums, xy, 32);
  v128.store(sums, yy, 48);
}

/** The sums of the lanes of two vectors. */
@inline
function pairOf(a: v128, b: v128): v128 {
  return i64x2.add(v128.shuffle<i64>(a, b, 0, 2), v128.shuffle<i64>(a, b, 1, 3));
}

@inline
function halves(product: i64): v128 {
  return i64x2.replace_lane(i64x2.splat(product & 0xffffffff), 1, product >> 32);
}
