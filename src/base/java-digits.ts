// The digits that Java up to 18 prints of a floating-point number: nearly always the shortest ones that read back, but not
// where the interval of what reads back is asymmetric, closed or larger than 1 (`FloatingDecimal`, after Steele and White).

/** `0.d₁d₂… · 10^exponent`. */
export interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

const view = new DataView(new ArrayBuffer(8));

/** The digits of a positive finite float64. */
export function javaDigits64(x: number): Digits {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  return normalized(bits & ((1n << 52n) - 1n), Number(bits >> 52n), 52, 1023);
}

/** The digits of a positive finite float32. */
export function javaDigits32(x: number): Digits {
  view.setFloat32(0, x);
  const bits = view.getUint32(0);
  return normalized(BigInt(bits & 0x7fffff), bits >>> 23, 23, 127);
}

/** From the stored fraction and exponent to a fraction with its highest bit at bit 52. */
function normalized(fraction: bigint, exponent: number, shift: number, bias: number): Digits {
  let significant = shift + 1;
  let e = exponent;
  let f = fraction;
  if (exponent === 0) {
    significant = f.toString(2).length;
    f <<= BigInt(shift + 1 - significant);
    e = significant - shift;
  } else {
    f |= 1n << BigInt(shift);
  }
  return digitsOf(e - bias, f << BigInt(52 - shift), significant);
}

/** Bits of 5^n. */
const fiveBits = (n: number): number => (n === 0 ? 0 : n < 27 ? (5n ** BigInt(n)).toString(2).length : 3 * n);

function digitsOf(binary: number, fraction: bigint, significant: number): Digits {
  let tail = 0;
  while (((fraction >> BigInt(tail)) & 1n) === 0n) ++tail;
  const length = 53 - tail; // of the fraction without the zeros at its end
  const tiny = Math.max(0, length - binary - 1);
  if (tiny === 0 && binary <= 62) return wholeDigits(binary, fraction, significant);

  let decimal = decimalExponent(fraction, binary);
  const b5 = Math.max(0, -decimal);
  const s5 = Math.max(0, decimal);
  let b2 = b5 + tiny + binary - (length - 1);
  let s2 = s5 + tiny;
  let m2 = b5 + tiny + binary - significant;
  const common = Math.min(b2, s2);
  b2 -= common;
  s2 -= common;
  m2 -= common;
  if (length === 1) --m2; // below a power of two numbers are half as far apart
  if (m2 < 0) {
    b2 -= m2;
    s2 -= m2;
    m2 = 0;
  }
  const size = Math.max(length + b2 + fiveBits(b5), s2 + 1 + fiveBits(s5 + 1));
  const word = size < 32 ? 32 : size < 64 ? 64 : 0; // 0: Java computes without bounds, and counts a tie as above
  const wrap = (value: bigint) => (word === 0 ? value : BigInt.asIntN(word, value));
  const s = 5n ** BigInt(s5) << BigInt(s2);
  const tens = 10n * s;
  let b = ((fraction >> BigInt(tail)) * 5n ** BigInt(b5)) << BigInt(b2);
  let m = 5n ** BigInt(b5) << BigInt(m2);
  let low = false;
  let high = false;
  const next = (): number => {
    const q = Number(b / s);
    b = wrap(10n * (b % s));
    m = wrap(10n * m);
    low = m <= 0n || b < m;
    high = m <= 0n || (word === 0 ? b + m >= tens : wrap(b + m) > tens);
    return q;
  };
  const digits: number[] = [];
  const first = next();
  if (first === 0 && !high) --decimal;
  else digits.push(first);
  if (decimal < -3 || decimal >= 8) low = high = false; // two digits at least
  while (!low && !high) digits.push(next());
  const above = 2n * b - tens;
  const up = high && (!low || above > 0n || (above === 0n && (digits.at(-1)! & 1) === 1));
  return up ? roundedUp(digits, decimal + 1) : { digits: digits.join(''), exponent: decimal + 1 };
}

/** A whole number below 2^63: all of its digits, those below its precision rounded away. */
function wholeDigits(binary: number, fraction: bigint, significant: number): Digits {
  let value = binary >= 52 ? fraction << BigInt(binary - 52) : fraction >> BigInt(52 - binary);
  const spare = binary - significant - 1;
  const insignificant = binary > significant && spare > 1 ? Math.floor(spare * Math.log10(2)) : 0;
  const unit = 10n ** BigInt(insignificant);
  const rest = value % unit;
  value = value / unit + (insignificant > 0 && rest >= unit / 2n ? 1n : 0n);
  const all = String(value);
  return { digits: all.replace(/0+$/, ''), exponent: all.length + insignificant };
}

/** Java's estimate of floor(log10(x)), at most 1 too high. */
function decimalExponent(fraction: bigint, binary: number): number {
  const d = 1 + Number(fraction & ((1n << 52n) - 1n)) / 2 ** 52;
  return Math.floor((d - 1.5) * 0.289529654 + 0.176091259 + binary * 0.301029995663981);
}

function roundedUp(digits: number[], exponent: number): Digits {
  let i = digits.length - 1;
  while (i >= 0 && digits[i] === 9) digits[i--] = 0;
  if (i < 0) return { digits: `1${'0'.repeat(digits.length - 1)}`, exponent: exponent + 1 };
  ++digits[i]!;
  return { digits: digits.join(''), exponent };
}
