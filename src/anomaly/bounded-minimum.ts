/** A function to be minimised: writes its gradient and returns its value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

const MEMORY = 5;
const ITERATIONS = 200;
const HALVINGS = 60;

/**
 * A local minimum of a smooth function within a box, from a start in it: limited-memory BFGS (Nocedal 1980) on those
 * variables that are free, steps being projected on the box (Bertsekas 1982) and halved until the function falls
 * enough (Armijo 1966). A variable is held where it lies on a bound and would leave the box.
 *
 * A step that ends where the function still falls steeply is doubled (Wolfe 1969).
 * Ends where steps make the function fall by no more than a part of 1e-12, or where the projected gradient is below
 * 1e-9 of the value.
 */
export function boundedMinimum(
  f: Objective, start: readonly number[], lower: readonly number[], upper: readonly number[],
): number[] {
  const n = start.length;
  const clip = (v: number, i: number) => Math.min(Math.max(v, lower[i]!), upper[i]!);
  let x = Float64Array.from(start, clip);
  let gradient = new Float64Array(n);
  let value = f(x, gradient);
  let pairs: Pair[] = [];
  let stalled = 0;
  let fresh = false;
  for (let iteration = 0; iteration < ITERATIONS && value !== 0; ++iteration) {
    const free = gradient.map((g, i) => ((x[i]! <= lower[i]! && g > 0) || (x[i]! >= upper[i]! && g < 0) ? 0 : 1));
    const steepest = gradient.map((g, i) => -g * free[i]!);
    const projected = steepest.reduce((most, d, i) => Math.max(most, Math.abs(clip(x[i]! + d, i) - x[i]!)), 0);
    if (!(projected > 1e-9 * Math.abs(value))) break;
    let direction = newtonStep(gradient, free, pairs);
    if (!(dot(direction, gradient) < 0)) {
      direction = steepest;
      pairs = [];
    }
    // Without knowledge of the curvature, a step of the length of the gradient could be anything.
    const longest = direction.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
    const first = pairs.length === 0 ? Math.min(1, 0.1 / longest) : 1;
    const next = search(f, x, value, gradient, direction, first, clip);
    if (!next) {
      if (pairs.length === 0) break;
      pairs = [];
      continue;
    }
    const s = next.x.map((v, i) => v - x[i]!);
    const y = next.gradient.map((g, i) => g - gradient[i]!);
    if (dot(s, y) > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y))) pairs = [...pairs.slice(1 - MEMORY), { s, y }];
    const gained = value - next.value > 1e-12 * Math.abs(value);
    stalled = gained ? 0 : stalled + 1;
    fresh &&= !gained;
    ({ x, gradient, value } = next);
    if (stalled < 3) continue;
    // What was learned elsewhere may mislead here: only a stall without it is the end.
    if (fresh) break;
    [pairs, fresh, stalled] = [[], true, 0];
  }
  return [...x];
}

interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
}

/** The two-loop recursion, as if the variables that are held did not exist. */
function newtonStep(gradient: Float64Array, free: Float64Array, pairs: readonly Pair[]): Float64Array<ArrayBuffer> {
  const q = gradient.map((g, i) => g * free[i]!);
  const known = pairs.map(({ s, y }) => ({ s: s.map((v, i) => v * free[i]!), y: y.map((v, i) => v * free[i]!) }))
    .map(({ s, y }) => ({ s, y, sy: dot(s, y) })).filter(({ sy, y }) => sy > 1e-14 * dot(y, y));
  const alphas: number[] = [];
  for (const { s, y, sy } of [...known].reverse()) {
    const alpha = dot(s, q) / sy;
    alphas.unshift(alpha);
    q.forEach((_, i) => { q[i]! -= alpha * y[i]!; });
  }
  const last = known.at(-1);
  if (last) q.forEach((v, i) => { q[i] = (v * last.sy) / dot(last.y, last.y); });
  known.forEach(({ s, y, sy }, k) => {
    const beta = dot(y, q) / sy;
    q.forEach((_, i) => { q[i]! += (alphas[k]! - beta) * s[i]!; });
  });
  return q.map((v) => -v);
}

/** The first point along a direction, bent by the box, at which the function has fallen enough; null: none. */
function search(
  f: Objective, x: Float64Array, value: number, gradient: Float64Array, direction: Float64Array, first: number,
  clip: (v: number, i: number) => number,
): Step | null {
  for (let halving = 0, t = first; halving < HALVINGS; ++halving, t /= 2) {
    const at = x.map((v, i) => clip(v + t * direction[i]!, i));
    const slope = at.reduce((sum, v, i) => sum + gradient[i]! * (v - x[i]!), 0);
    if (!(slope < 0)) continue;
    const there = new Float64Array(x.length);
    const found = f(at, there);
    if (found <= value + 1e-4 * slope) {
      const step = { x: at, value: found, gradient: there };
      return halving === 0 ? prolonged(f, x, gradient, direction, t, step, clip) : step;
    }
  }
  return null;
}

/** A point at which the function has fallen. */
interface Step {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** A step twice as long, again and again, as long as the function falls almost as steeply as at first. */
function prolonged(
  f: Objective, x: Float64Array, gradient: Float64Array, direction: Float64Array, t: number, step: Step,
  clip: (v: number, i: number) => number,
): Step {
  for (let doubling = 0, length = 2 * t; doubling < HALVINGS; ++doubling, length *= 2) {
    const along = (g: Float64Array) => step.x.reduce((sum, v, i) => sum + g[i]! * (v - x[i]!), 0);
    if (along(step.gradient) >= 0.9 * along(gradient)) return step;
    const at = x.map((v, i) => clip(v + length * direction[i]!, i));
    if (at.every((v, i) => v === step.x[i])) return step;
    const there = new Float64Array(x.length);
    const found = f(at, there);
    if (!(found < step.value)) return step;
    step = { x: at, value: found, gradient: there };
  }
  return step;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0);
}
