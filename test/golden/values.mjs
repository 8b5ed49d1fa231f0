/** The number that a golden file writes: JSON has no special ones. */
export function goldenNumber(value) {
  return typeof value === 'string' && ['NaN', 'Infinity', '-Infinity'].includes(value) ? Number(value) : value;
}

/** Whether two numbers are the same double; the sign of zero counts. */
export function sameNumber(a, b) {
  return Object.is(a, b);
}

/** Whether two numbers agree to a relative tolerance, or to an absolute one near zero. */
export function nearNumber(a, b, _path, relative = 1e-9, absolute = 1e-12) {
  if (Object.is(a, b) || a === b) return true;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= Math.max(absolute, relative * Math.max(Math.abs(a), Math.abs(b)));
}

/**
 * The first place at which what was expected and what came differ, as text; null: nowhere.
 * `number` compares two numbers at a path.
 */
export function difference(expected, actual, number = sameNumber, path = '') {
  const wanted = typeof actual === 'number' ? goldenNumber(expected) : expected;
  if (typeof wanted === 'number') {
    const agrees = typeof actual === 'number' && number(wanted, actual, path);
    return agrees ? null : `${path}: expected ${show(wanted)}, got ${show(actual)}`;
  }
  if (Array.isArray(wanted)) {
    if (!Array.isArray(actual)) return `${path}: expected a list, got ${show(actual)}`;
    if (wanted.length !== actual.length) return `${path}: expected ${wanted.length} items, got ${actual.length}`;
    for (let i = 0; i < wanted.length; ++i) {
      const found = difference(wanted[i], actual[i], number, `${path}[${i}]`);
      if (found) return found;
    }
    return null;
  }
  if (wanted !== null && typeof wanted === 'object') {
    if (actual === null || typeof actual !== 'object') return `${path}: expected an object, got ${show(actual)}`;
    for (const key of Object.keys(wanted)) {
      const found = difference(wanted[key], actual[key], number, path ? `${path}.${key}` : key);
      if (found) return found;
    }
    return null;
  }
  return wanted === actual ? null : `${path}: expected ${show(wanted)}, got ${show(actual)}`;
}

/** A value on one line. */
export function show(value) {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  const text = JSON.stringify(value, (_, v) => (typeof v === 'number' && !Number.isFinite(v) ? String(v) : v));
  return text === undefined ? 'nothing' : text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
