/**
 * The text of a float64 as Java's `Double.toString` and Scala print it: plain with at least one decimal
 * for 1e-3 ≤ |x| < 1e7, otherwise `d.dE±x`; `NaN`, `Infinity`, `-0.0`. Digits are the shortest that read back.
 */
export function javaDouble(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Infinity' : '-Infinity';
  if (x === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  return javaDigits(x, Math.abs(x), String(Math.abs(x)), Number);
}

/** The text of a float32 as Java's `Float.toString` prints it. */
export function javaFloat(x: number): string {
  if (!Number.isFinite(x) || x === 0) return javaDouble(x);
  return javaDigits(x, Math.abs(x), shortestFloat(Math.abs(x)), (text) => Math.fround(Number(text)));
}

/** The shortest decimal text that reads back as the same float32. */
function shortestFloat(x: number): string {
  for (let digits = 1; digits < 9; ++digits) {
    const text = x.toPrecision(digits);
    if (Math.fround(Number(text)) === x) return String(Number(text));
  }
  return String(Number(x.toPrecision(9)));
}

function javaDigits(x: number, size: number, short: string, read: (text: string) => number): string {
  const sign = x < 0 ? '-' : '';
  const shortest = /^\d(e|$)/.test(short) ? twoDigits(size, short, read) : short;
  const [mantissa, exponentText] = shortest.split('e') as [string, string | undefined];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string | undefined];
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  const digits = all.slice(leading).replace(/0+$/, '') || '0';
  const exponent = (exponentText === undefined ? 0 : Number(exponentText)) + whole.length - leading - 1; // of d.ddd
  if (size >= 1e-3 && size < 1e7) {
    if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
    const padded = digits.padEnd(exponent + 1, '0');
    return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || '0'}`;
  }
  return `${sign}${digits[0]!}.${digits.slice(1) || '0'}E${exponent}`;
}

/** Java prints at least two digits and takes the nearest ones: 4.9E-324, where one digit would do. */
function twoDigits(size: number, short: string, read: (text: string) => number): string {
  const two = size.toPrecision(2);
  return read(two) === size ? two : short;
}
